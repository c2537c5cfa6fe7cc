import { describe, expect, it } from 'vitest'

import { runWord, stepFact, stepSpan } from '@/features/executions/step-facts'
import type { ExecutionSummary, Step } from '@/lib/model'

const step = (more: Partial<Step>) =>
  ({ type: 'command', status: 'running', host_counts: {}, reason: null, ...more }) as Step
const run = (more: Partial<ExecutionSummary>) =>
  ({
    status: 'running',
    stop: null,
    start_time: '2026-11-21T12:00:00Z',
    end_time: null,
    ...more,
  }) as ExecutionSummary

describe('stepFact', () => {
  it('counts hosts and names what went wrong', () => {
    const host_counts = { success: 41, error: 2, unreachable: 1, running: 4 }
    expect(stepFact(step({ host_counts }))).toBe('43 of 48 done, 2 failed, 1 lost')
    expect(stepFact(step({ host_counts: { success: 1 } }))).toBe('1 host')
  })

  it('tells about instructions', () => {
    expect(stepFact(step({ type: 'instruction', status: 'awaiting_input' }))).toBe(
      'Waiting for someone to confirm',
    )
    expect(stepFact(step({ type: 'instruction', status: 'success', note: 'queue fine' }))).toBe(
      'Done: queue fine',
    )
  })

  it('says why nothing ran', () => {
    expect(stepFact(step({ status: 'skipped', reason: 'the step before failed' }))).toBe(
      'the step before failed',
    )
  })
})

describe('stepSpan', () => {
  it('places a step on the time scale of the run', () => {
    const one = step({ timestamp: '2026-11-21T12:00:30Z', end_time: '2026-11-21T12:01:00Z' })
    const now = Date.parse('2026-11-21T12:02:00Z')
    expect(stepSpan(run({}), one, now)).toEqual({ left: 25, width: 25 })
    expect(stepSpan(run({ end_time: '2026-11-21T12:01:00Z' }), one, now)).toEqual({ left: 50, width: 50 })
    expect(stepSpan(run({}), step({ timestamp: null }), now)).toBeUndefined()
  })
})

describe('runWord', () => {
  it('says which step runs, and how far a stop is', () => {
    expect(runWord(run({}), [step({ status: 'success' }), step({})])).toBe('Running step 2 of 2')
    const stop = { requested_at: '2026-11-21T12:00:00Z', confirmed: 1, of: 4 }
    expect(runWord(run({ stop }), [step({})])).toBe('Stopping: 1 of 4 hosts confirmed')
    expect(runWord(run({ status: 'stopped', stop }), [])).toBeUndefined()
  })
})

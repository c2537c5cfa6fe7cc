import { describe, expect, it } from 'vitest'

import { restartStep, runWord, stepFact } from '@/features/executions/step-facts'
import type { Block, ExecutionSummary, Step } from '@/lib/model'

const step = (more: Partial<Step>) =>
  ({
    type: 'command',
    status: 'running',
    host_counts: {},
    reason: null,
    skip_cause: null,
    approval: null,
    tries: [],
    http_status: null,
    value: null,
    note: null,
    due: null,
    completed_by_name: null,
    timestamp: null,
    order: 0,
    block_id: `block-${more.order ?? 0}`,
    ...more,
  }) as Step
const block = (type: Block['type'], config: object) => ({ id: 'block-0', type, config }) as Block
const fact = (of: Partial<Step>, by?: Block, approval: 'each' | 'preapproved' = 'each', steps: Step[] = []) =>
  stepFact(step(of), { execution: { approval }, steps, block: by, now: Date.parse('2026-11-21T12:00:00Z') })
const run = (more: Partial<ExecutionSummary>) => ({ status: 'running' as const, stop: null, ...more })

describe('stepFact', () => {
  it('counts hosts and names what went wrong', () => {
    const host_counts = { success: 41, error: 2, unreachable: 1, unknown: 1, running: 4 }
    expect(fact({ host_counts })).toBe('44 of 49 done, 2 failed, 1 lost, 1 unknown')
    expect(fact({ host_counts: { success: 1 } })).toBe('1 host')
  })

  it('says which approvals are still to come', () => {
    const two = block('command', { command: 'x', approval: { required: 2 } })
    expect(fact({ status: 'pending' }, two)).toBe('Will ask for 2 approvals')
    expect(fact({ status: 'pending' }, two, 'preapproved')).toBe('Will ask for 1 approval')
    const other = block('command', { command: 'x', approval: { other_person: true } })
    expect(fact({ status: 'pending' }, other, 'preapproved')).toBe('Will ask for 1 approval')
    expect(fact({ status: 'pending' }, block('command', { command: 'x' }), 'preapproved')).toBe(
      'Approved in advance',
    )
    expect(fact({ status: 'pending' }, block('command', { command: 'x', approval: 'none' }))).toBe('')
    const approval = { required: 2, given: [{}] } as unknown as Step['approval']
    expect(fact({ status: 'awaiting_approval', approval })).toBe('Needs 1 more approval')
  })

  it('tells about instructions', () => {
    const one = { type: 'instruction' as const }
    expect(fact({ ...one, status: 'awaiting_input' })).toBe('Waiting for someone to confirm')
    expect(fact({ ...one, status: 'success', completed_by_name: 'mina', note: 'queue fine' })).toBe(
      'Acknowledged by mina: queue fine',
    )
    expect(fact({ ...one, status: 'success' })).toBe('Shown')
  })

  it('tells about requests', () => {
    const get = block('api', { url: 'https://x' })
    const tries = [{}, {}] as Step['tries']
    expect(fact({ type: 'api', status: 'success', http_status: 200 }, get)).toBe('GET 200')
    expect(fact({ type: 'api', status: 'success', http_status: 200, tries }, get)).toBe('GET 200, 2 tries')
    expect(fact({ type: 'api', status: 'error', reason: 'refused' }, get)).toBe('refused')
  })

  it('says what a condition came to and where it went', () => {
    const steps = [step({ slug: 'ask', order: 0 }), step({ slug: 'drain', order: 3 })]
    const by = block('condition', { expression: 'x', then: { goto: 'drain' }, else: 'end' })
    const one = { type: 'condition' as const, status: 'success' as const }
    expect(fact({ ...one, value: true }, by, 'each', steps)).toBe('True, went to step 4')
    expect(fact({ ...one, value: false }, by, 'each', steps)).toBe('False, ended the runbook')
    expect(fact({ ...one, value: true }, block('condition', { expression: 'x' }))).toBe('True, went on')
  })

  it('counts a timer down, and says who cut it short', () => {
    const one = { type: 'timer' as const }
    expect(fact({ ...one, status: 'pending' }, block('timer', { seconds: 90 }))).toBe('90 s')
    expect(fact({ ...one, due: '2026-11-21T12:01:05Z' })).toBe('1:05 left')
    const cut = {
      skip_cause: 'person' as const,
      completed_by_name: 'mina',
      timestamp: '2026-11-21T11:59:00Z',
    }
    expect(fact({ ...one, ...cut, status: 'skipped' })).toBe('Cut short by mina')
  })

  it('says why nothing ran', () => {
    expect(fact({ status: 'skipped', skip_cause: 'failure' })).toBe('Skipped: an earlier step failed')
    expect(fact({ status: 'skipped', skip_cause: 'person', completed_by_name: 'mina', reason: 'done' })).toBe(
      'Skipped by mina: done',
    )
  })
})

describe('runWord', () => {
  it('says which step runs, counting a retried step once', () => {
    const steps = [step({ status: 'error' }), step({ status: 'success' }), step({ order: 1 })]
    expect(runWord(run({}), steps)).toBe('Running step 2 of 2')
  })

  it('says how far a stop is', () => {
    const stop = { requested_at: '2026-11-21T12:00:00Z', confirmed: 1, of: 4 }
    expect(runWord(run({ stop }), [step({})])).toBe('Stopping: 3 hosts still running')
    expect(runWord(run({ status: 'stopped', stop }), [])).toBeUndefined()
  })
})

describe('restartStep', () => {
  it('begins where the run went wrong, else at the step looked at', () => {
    const good = step({ status: 'success' })
    const bad = step({ status: 'error', order: 1 })
    expect(restartStep([good, bad], good)).toBe(bad)
    expect(restartStep([good], good)).toBe(good)
  })
})

import { describe, expect, it } from 'vitest'

import {
  applyEvent,
  applyEvents,
  currentStep,
  fromRest,
  keptSince,
  kUnknown,
  withRead,
} from '@/features/executions/live-execution'
import type { Snapshot } from '@/lib/live-events'
import type { Execution, Step, StepHost } from '@/lib/model'

const aStep = (id: string, order: number, more: Partial<Step> = {}): Step => ({
  id,
  job_id: 'e1',
  block_id: `block-${order}`,
  slug: id,
  name: id,
  type: 'command',
  order,
  attempt: 1,
  status: 'pending',
  reason: null,
  skip_cause: null,
  output_bytes: 0,
  output_truncated: false,
  exit_code: null,
  timestamp: null,
  end_time: null,
  approval: null,
  tries: [],
  note: null,
  completed_by: null,
  completed_by_name: null,
  value: null,
  text: null,
  due: null,
  http_status: null,
  headers: null,
  host_counts: {},
  ...more,
})

const aHost = (agent: string, status: StepHost['status']): StepHost => ({
  agent_id: agent,
  host: agent,
  attempt: 1,
  status,
  exit_code: null,
  signal: null,
  reason: null,
  output_bytes: 0,
  start_time: null,
  end_time: null,
})

const execution = (steps: Snapshot['steps']): Snapshot => ({
  id: 'e1',
  runbook_id: 'r1',
  version_id: 'v1',
  version_number: 1,
  title: 'test',
  status: 'running',
  start_time: '2026-11-21T12:00:00Z',
  end_time: null,
  parameters: {},
  targets: null,
  approval: 'preapproved',
  requested_by: 'p1',
  requested_by_name: 'mina',
  reason: null,
  stop: null,
  progress: { step: 1, of: 1 },
  host_counts: { total: 0, success: 0, failed: 0 },
  steps,
})

const begun = applyEvent(kUnknown, {
  event: 'snapshot',
  execution: 'e1',
  seq: 3,
  data: execution([
    { ...aStep('two', 1), hosts: [] },
    { ...aStep('one', 0, { status: 'running' }), hosts: [aHost('b', 'running'), aHost('a', 'queued')] },
  ]),
})

describe('live execution', () => {
  it('begins with a snapshot, in block order and host order', () => {
    expect(begun.seq).toBe(3)
    expect(begun.steps.map((step) => step.id)).toEqual(['one', 'two'])
    expect(Object.keys(begun.hosts['one'] ?? {})).toEqual(['b', 'a'])
  })

  it('takes changes in order and ignores repeats', () => {
    const host = { ...aHost('a', 'success'), step_id: 'one', exit_code: 0 }
    const next = applyEvent(begun, { event: 'host', execution: 'e1', seq: 4, data: host })
    expect(next.hosts['one']?.['a']).toMatchObject({ status: 'success', exit_code: 0 })
    expect(next.hosts['one']?.['b']).toBe(begun.hosts['one']?.['b'])
    expect(next.hosts['two']).toBe(begun.hosts['two'])
    expect(
      applyEvent(next, { event: 'host', execution: 'e1', seq: 4, data: { ...host, status: 'error' } }),
    ).toBe(next)
  })

  it('copies the hosts of a step once for many changes, and never those it was given', () => {
    const change = (seq: number, agent: string, status: StepHost['status']) => ({
      event: 'host' as const,
      execution: 'e1',
      seq,
      data: { ...aHost(agent, status), step_id: 'one' },
    })
    const before = begun.hosts['one']
    const next = applyEvents(begun, [
      change(4, 'a', 'running'),
      change(5, 'b', 'error'),
      change(6, 'a', 'success'),
    ])
    expect(next.seq).toBe(6)
    expect(next.hosts['one']).toMatchObject({ a: { status: 'success' }, b: { status: 'error' } })
    expect(begun.hosts['one']).toBe(before)
    expect(before).toMatchObject({ a: { status: 'queued' }, b: { status: 'running' } })
  })

  it('replaces a step and keeps the others as they were', () => {
    const data = aStep('one', 0, { status: 'success', host_counts: { success: 2 } })
    const next = applyEvent(begun, { event: 'step', execution: 'e1', seq: 4, data })
    expect(next.steps[0]).toMatchObject({ status: 'success', host_counts: { success: 2 } })
    expect(next.steps[1]).toBe(begun.steps[1])
  })

  it('puts a further attempt of a step behind the first', () => {
    const data = aStep('again', 0, { attempt: 2 })
    const next = applyEvent(begun, { event: 'step', execution: 'e1', seq: 4, data })
    expect(next.steps.map((step) => step.id)).toEqual(['one', 'again', 'two'])
  })

  it('merges the state of the execution', () => {
    const data = {
      id: 'e1',
      status: 'completed',
      start_time: null,
      end_time: '2026-11-21T12:01:00Z',
      stop: null,
    } as const
    const next = applyEvent(begun, { event: 'execution', execution: 'e1', seq: 4, data })
    expect(next.execution).toMatchObject({ title: 'test', status: 'completed' })
  })

  it('notices a missing change and is whole again after the next snapshot', () => {
    const data = aStep('one', 0)
    const holed = applyEvent(begun, { event: 'step', execution: 'e1', seq: 6, data })
    expect(holed.gap).toBe(true)
    expect(holed.seq).toBe(3)
    const whole = applyEvent(holed, { event: 'snapshot', execution: 'e1', seq: 6, data: execution([]) })
    expect(whole).toMatchObject({ gap: false, seq: 6 })
  })

  it('shows what REST said until a snapshot comes', () => {
    const answer = execution([aStep('one', 0)]) as Execution
    const state = fromRest(kUnknown, answer)
    expect(state).toMatchObject({ seq: -1, execution: { title: 'test' } })
    expect(applyEvent(state, { event: 'step', execution: 'e1', seq: 9, data: aStep('one', 0) })).toBe(state)
  })

  it('follows the step that runs or waits, else the last that began', () => {
    const time = '2026-11-21T12:00:00Z'
    const ended = aStep('ended', 0, { status: 'error', timestamp: time })
    const pending = aStep('pending', 1)
    const waiting = aStep('waiting', 2, { status: 'awaiting_input', timestamp: time })
    expect(currentStep([ended, pending, waiting])?.id).toBe('waiting')
    expect(currentStep([ended, pending])?.id).toBe('ended')
    expect(currentStep([pending])?.id).toBe('pending')
    expect(currentStep([])).toBeUndefined()
  })
})

describe('hosts that a snapshot does not list', () => {
  const counts = { running: 3 }
  const listing = (seq: number, ...hosts: StepHost[]) => ({
    event: 'snapshot' as const,
    execution: 'e1',
    seq,
    data: execution([{ ...aStep('one', 0, { status: 'running', host_counts: counts }), hosts }]),
  })
  const first = applyEvent(kUnknown, listing(3, aHost('a', 'running')))
  const all = [aHost('a', 'queued'), aHost('b', 'running'), aHost('c', 'running')]
  const read = withRead(first, 'one', all, { since: -1, newest: false })
  const status = (state: typeof read, agent: string) => state.hosts['one']?.[agent]?.status

  it('keeps them, and the snapshot wins where it lists', () => {
    expect(status(read, 'a')).toBe('running')
    const next = applyEvent(read, listing(3, aHost('a', 'success')))
    expect(Object.keys(next.hosts['one'] ?? {})).toEqual(['a', 'b', 'c'])
    expect(status(next, 'a')).toBe('success')
    expect(next.kept['one']?.doubt).toBe(false)
  })

  it('keeps none when the snapshot lists all of the step', () => {
    const next = applyEvent(
      read,
      listing(5, aHost('a', 'running'), aHost('b', 'error'), aHost('d', 'queued')),
    )
    expect(Object.keys(next.hosts['one'] ?? {})).toEqual(['a', 'b', 'd'])
  })

  it('doubts them when changes may be missing, until they are read once more', () => {
    const later = applyEvent(read, listing(9, aHost('a', 'running')))
    expect(later.kept['one']?.doubt).toBe(true)
    const changed = { ...aHost('c', 'error'), step_id: 'one' }
    const live = applyEvent(later, { event: 'host', execution: 'e1', seq: 10, data: changed })
    const again = [aHost('a', 'queued'), aHost('b', 'success'), aHost('c', 'running')]
    const old = withRead(live, 'one', again, { since: -1, newest: false })
    expect(status(old, 'b')).toBe('running')
    expect(old.kept['one']?.doubt).toBe(true)
    const sure = withRead(live, 'one', again, { since: keptSince(live, 'one'), newest: false })
    expect(sure.kept['one']?.doubt).toBe(false)
    expect(['a', 'b', 'c'].map((agent) => status(sure, agent))).toEqual(['running', 'success', 'error'])
  })

  it('lets a read win over what came live once nothing comes live any more', () => {
    const ended = all.map((host) => ({ ...host, status: 'success' as const }))
    const next = withRead(read, 'one', ended, { since: -1, newest: true })
    expect(Object.values(next.hosts['one'] ?? {}).map((host) => host.status)).toEqual(
      Array.from({ length: 3 }, () => 'success'),
    )
  })
})

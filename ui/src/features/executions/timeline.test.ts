import { describe, expect, it } from 'vitest'

import { kFoldMs, stepBar, timeScale } from '@/features/executions/timeline'
import type { ExecutionSummary, Step } from '@/lib/model'

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, seconds)).toISOString()
const ms = (seconds: number) => Date.parse(at(seconds))
const run = (end?: number) =>
  ({ start_time: at(0), end_time: end === undefined ? null : at(end) }) as ExecutionSummary
const step = (id: string, from: number | null, to: number | null, more: Partial<Step> = {}) =>
  ({
    id,
    type: 'command',
    status: to === null ? 'running' : 'success',
    timestamp: from === null ? null : at(from),
    end_time: to === null ? null : at(to),
    approval: null,
    ...more,
  }) as Step

describe('timeScale', () => {
  it('shares one scale between the steps', () => {
    const steps = [step('a', 0, 30), step('b', 30, 60)]
    const scale = timeScale(run(60), steps, 0)
    expect(scale.folds).toEqual([])
    expect(steps.map((each) => stepBar(scale, run(60), each, 0))).toEqual([
      { left: 0, width: 50 },
      { left: 50, width: 50 },
    ])
  })

  it('grows to now while the run goes on, and shows the shortest step', () => {
    const one = step('a', 0, null)
    expect(stepBar(timeScale(run(), [one], ms(40)), run(), one, ms(40))).toEqual({ left: 0, width: 100 })
    const blink = step('b', 20, 20)
    const scale = timeScale(run(), [one, blink], ms(40))
    expect(stepBar(scale, run(), blink, ms(40))).toEqual({ left: 50, width: 1 })
  })

  it('folds an idle gap of more than a minute, and says after which step', () => {
    const steps = [step('a', 0, 60), step('b', 3660, 3720)]
    const scale = timeScale(run(3720), steps, 0)
    expect(scale.folds).toHaveLength(1)
    expect(scale.folds[0]).toMatchObject({ from: ms(60), to: ms(3660), after: 'a' })
    // Three equal thirds: a, the fold, b.
    expect(scale.place(ms(60))).toBeCloseTo(100 / 3)
    expect(scale.place(ms(3660))).toBeCloseTo(200 / 3)
    expect(kFoldMs).toBe(60_000)
  })

  it('leaves a gap of a minute as it is', () => {
    const scale = timeScale(run(180), [step('a', 0, 60), step('b', 120, 180)], 0)
    expect(scale.folds).toEqual([])
  })

  it('folds the time a step waited for a person, within its bar', () => {
    const given = [{ by: 'p', by_name: 'dana', at: at(660), note: '' }]
    const approval = { required: 1, given } as unknown as Step['approval']
    const steps = [step('a', 0, 60), step('b', 60, 720, { approval })]
    const scale = timeScale(run(720), steps, 0)
    expect(scale.folds).toHaveLength(1)
    expect(scale.folds[0]?.after).toBeUndefined()
    expect(stepBar(scale, run(720), steps[1] as Step, 0)?.left).toBeCloseTo(100 / 3)
  })

  it('has no bar for what did not run', () => {
    const scale = timeScale(run(60), [], 0)
    expect(stepBar(scale, run(60), step('a', null, null, { status: 'pending' }), 0)).toBeUndefined()
    expect(stepBar(scale, run(60), step('a', 1, 2, { status: 'skipped' }), 0)).toBeUndefined()
  })
})

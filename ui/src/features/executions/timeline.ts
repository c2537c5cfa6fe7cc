// The time scale the bars of all steps share. Long idle spans, in which nothing ran, are folded so that they
// do not squeeze the rest flat. Pure.
import type { ExecutionSummary, Step } from '@/lib/model'

export const kFoldMs = 60_000 // longer idle spans take this much of the scale

interface Span {
  from: number
  to: number
}

export interface Fold extends Span {
  atPercent: number
  widthPercent: number
  after: string | undefined // the step before the gap; nothing when a step waits in it
}

export interface TimeScale {
  place: (time: number) => number // percent
  folds: Fold[]
}

export interface Bar {
  left: number // percent
  width: number
}

const kLeastPercent = 1

export function timeScale(execution: ExecutionSummary, steps: readonly Step[], now: number): TimeScale {
  if (!execution.start_time) return { place: () => 0, folds: [] }
  const begin = Date.parse(execution.start_time)
  const end = Math.max(begin + 1, execution.end_time ? Date.parse(execution.end_time) : now)
  const idle = gaps(
    begin,
    end,
    steps.flatMap((step) => busy(step, end)),
  )
  const long = idle.filter((gap) => gap.to - gap.from > kFoldMs)
  const whole = end - begin - long.reduce((sum, gap) => sum + gap.to - gap.from - kFoldMs, 0)
  const place = (time: number) => {
    const at = Math.min(end, Math.max(begin, time))
    const folded = long.reduce((sum, gap) => sum + savedUntil(gap, at), 0)
    return ((at - begin - folded) / whole) * 100
  }
  const folds = long.map((gap) => ({
    ...gap,
    atPercent: place(gap.from),
    widthPercent: (kFoldMs / whole) * 100,
    after: steps.some((step) => waitsIn(step, gap, end)) ? undefined : stepBefore(steps, gap.from),
  }))
  return { place, folds }
}

export function stepBar(
  scale: TimeScale,
  execution: ExecutionSummary,
  step: Step,
  now: number,
): Bar | undefined {
  if (!execution.start_time || !step.timestamp || didNothing(step)) return undefined
  const end = execution.end_time ? Date.parse(execution.end_time) : now
  const left = Math.min(100 - kLeastPercent, scale.place(Date.parse(step.timestamp)))
  const right = scale.place(step.end_time ? Date.parse(step.end_time) : end)
  return { left, width: Math.min(100 - left, Math.max(kLeastPercent, right - left)) }
}

// A timer that was cut short had begun.
function didNothing(step: Step): boolean {
  return step.status === 'skipped' && step.type !== 'timer'
}

// How much of the time until `at` a fold leaves out.
function savedUntil(gap: Span, at: number): number {
  const share = Math.min(1, Math.max(0, (at - gap.from) / (gap.to - gap.from)))
  return share * (gap.to - gap.from - kFoldMs)
}

// When a step was at work: not while it waited for a person.
function busy(step: Step, end: number): Span[] {
  if (!step.timestamp || didNothing(step)) return []
  if (step.status === 'awaiting_approval' || step.status === 'awaiting_input') return []
  const from = workBegan(step)
  const to = step.end_time ? Date.parse(step.end_time) : end
  return from === undefined || to <= from ? [] : [{ from, to }]
}

function workBegan(step: Step): number | undefined {
  if (step.type === 'instruction' || !step.timestamp) return undefined
  const given = step.approval?.given ?? []
  if (step.approval && given.length < step.approval.required) return undefined
  return Math.max(Date.parse(step.timestamp), ...given.map((each) => Date.parse(each.at)))
}

function gaps(begin: number, end: number, busySpans: Span[]): Span[] {
  const found: Span[] = []
  let at = begin
  for (const span of busySpans.sort((a, b) => a.from - b.from)) {
    if (span.from > at) found.push({ from: at, to: span.from })
    at = Math.max(at, span.to)
  }
  if (end > at) found.push({ from: at, to: end })
  return found
}

function waitsIn(step: Step, gap: Span, end: number): boolean {
  if (!step.timestamp || step.status === 'skipped') return false
  const from = Date.parse(step.timestamp)
  const to = step.end_time ? Date.parse(step.end_time) : end
  return from < gap.to && to > gap.from && to - from > kFoldMs
}

function stepBefore(steps: readonly Step[], time: number): string | undefined {
  const ended = steps.filter((step) => step.end_time !== null && Date.parse(step.end_time) <= time)
  return ended.sort((a, b) => Date.parse(a.end_time ?? '') - Date.parse(b.end_time ?? '')).at(-1)?.id
}

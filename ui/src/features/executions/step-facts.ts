// The one line that matters about a step, and its place on the run's time scale.
import { count, counted } from '@/lib/format'
import type { ExecutionSummary, Step } from '@/lib/model'
import { hostTotal } from '@/features/executions/live-execution'

const kDone = ['success', 'error', 'timed_out', 'stopped', 'not_started', 'unknown']

const kWords: [string, string][] = [
  ['error', 'failed'],
  ['timed_out', 'timed out'],
  ['unreachable', 'lost'],
  ['unknown', 'unknown'],
  ['stopped', 'stopped'],
  ['not_started', 'not started'],
]

export function stepFact(step: Step): string {
  if (step.type === 'instruction') {
    if (step.status === 'awaiting_input') return 'Waiting for someone to confirm'
    if (step.status === 'success') return step.note ? `Done: ${step.note}` : 'Done'
  }
  const total = hostTotal(step)
  if (total === 0) return step.reason ?? ''
  const counts = step.host_counts
  const done = kDone.reduce((sum, state) => sum + (counts[state] ?? 0), 0)
  const parts = kWords.flatMap(([state, word]) => (counts[state] ? [`${count(counts[state])} ${word}`] : []))
  const head = done === total ? counted(total, 'host') : `${count(done)} of ${count(total)} done`
  return [head, ...parts].join(', ')
}

export interface Span {
  left: number // percent
  width: number
}

export function stepSpan(execution: ExecutionSummary, step: Step, now: number): Span | undefined {
  if (!execution.start_time || !step.timestamp) return undefined
  const begin = Date.parse(execution.start_time)
  const end = execution.end_time ? Date.parse(execution.end_time) : now
  const from = Date.parse(step.timestamp)
  const to = step.end_time ? Date.parse(step.end_time) : end
  const whole = Math.max(1, end - begin)
  const left = Math.min(99, Math.max(0, ((from - begin) / whole) * 100))
  return { left, width: Math.min(100 - left, Math.max(1, ((to - from) / whole) * 100)) }
}

export function runWord(execution: ExecutionSummary, steps: Step[]): string | undefined {
  if (execution.stop && execution.status !== 'stopped')
    return `Stopping: ${execution.stop.confirmed} of ${counted(execution.stop.of, 'host')} confirmed`
  const at = steps.findIndex((step) => step.status === 'running')
  if (execution.status === 'running' && at >= 0) return `Running step ${at + 1} of ${steps.length}`
  return undefined
}

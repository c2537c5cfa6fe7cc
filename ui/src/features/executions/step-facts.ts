// The one line that matters about a step, and the words for the whole run. Pure.
import { hostTotal } from '@/features/executions/live-execution'
import { count, counted } from '@/lib/format'
import {
  type Block,
  type Branch,
  type ExecutionSummary,
  type Step,
  isApi,
  isCommand,
  isCondition,
  isTimer,
} from '@/lib/model'
import { duration } from '@/lib/time'

const kDone = ['success', 'error', 'timed_out', 'stopped', 'not_started', 'unknown']

const kWords: [string, string][] = [
  ['error', 'failed'],
  ['timed_out', 'timed out'],
  ['unreachable', 'lost'],
  ['unknown', 'unknown'],
  ['stopped', 'stopped'],
  ['not_started', 'not started'],
]

export interface Around {
  execution: Pick<ExecutionSummary, 'approval'>
  steps: readonly Step[]
  block: Block | undefined // of the version; nothing while it loads
  now: number
}

export function stepNumber(step: Step): number {
  return step.order + 1
}

export function stepFact(step: Step, around: Around): string {
  if (step.status === 'skipped') return skipFact(step)
  switch (step.type) {
    case 'instruction':
      return instructionFact(step)
    case 'command':
      return commandFact(step, around)
    case 'api':
      return apiFact(step, around)
    case 'condition':
      return conditionFact(step, around)
    case 'timer':
      return timerFact(step, around)
  }
}

const kSkipped: Record<NonNullable<Step['skip_cause']>, string> = {
  range: 'Not among the steps asked for',
  when: 'Skipped: its condition was false',
  jump: 'Skipped by a condition',
  person: 'Skipped',
  failure: 'Skipped: an earlier step failed',
  stop: 'Skipped: the execution ended before it',
}

function skipFact(step: Step): string {
  if (step.skip_cause === 'person') {
    const by = step.completed_by_name ? ` by ${step.completed_by_name}` : ''
    const word = step.type === 'timer' && step.timestamp ? 'Cut short' : 'Skipped'
    return `${word}${by}${step.reason ? `: ${step.reason}` : ''}`
  }
  return step.skip_cause ? kSkipped[step.skip_cause] : (step.reason ?? 'Skipped')
}

function instructionFact(step: Step): string {
  if (step.status === 'awaiting_input') return 'Waiting for someone to confirm'
  if (step.status === 'success') {
    const by = step.completed_by_name ? `Acknowledged by ${step.completed_by_name}` : 'Shown'
    return step.note ? `${by}: ${step.note}` : by
  }
  return step.reason ?? ''
}

function commandFact(step: Step, around: Around): string {
  if (step.status === 'pending') return approvalsAhead(around)
  if (step.status === 'awaiting_approval' && step.approval) {
    const missing = step.approval.required - step.approval.given.length
    return `Needs ${counted(missing, 'more approval')}`
  }
  const total = hostTotal(step)
  if (total === 0) return step.reason ?? ''
  const counts = step.host_counts
  const done = kDone.reduce((sum, state) => sum + (counts[state] ?? 0), 0)
  const parts = kWords.flatMap(([state, word]) => (counts[state] ? [`${count(counts[state])} ${word}`] : []))
  const head = done === total ? counted(total, 'host') : `${count(done)} of ${count(total)} done`
  return [head, ...parts].join(', ')
}

function approvalsAhead({ execution, block }: Around): string {
  if (!block || !isCommand(block)) return ''
  const asked = block.config.approval
  if (asked === 'none') return ''
  const required = asked?.required ?? 1
  if (execution.approval === 'preapproved' && required === 1 && !asked?.other_person)
    return 'Approved in advance'
  const given = execution.approval === 'preapproved' && !asked?.other_person ? 1 : 0
  return `Will ask for ${counted(required - given, 'approval')}`
}

function apiFact(step: Step, { block }: Around): string {
  if (step.status === 'pending') return ''
  const method = block && isApi(block) ? (block.config.method ?? 'GET') : 'Request'
  const tries = step.tries.length > 1 ? `, ${count(step.tries.length)} tries` : ''
  if (step.status === 'running') {
    const failed = step.tries.filter((each) => each.error).length
    return failed > 0 ? `${method}, try ${step.tries.length} after ${counted(failed, 'failure')}` : method
  }
  if (step.http_status !== null) return `${method} ${step.http_status}${tries}`
  return step.reason ? `${step.reason}${tries}` : method
}

export function branchText(branch: Branch | undefined, steps: readonly Step[]): string {
  if (branch === undefined || branch === 'continue') return 'went on'
  if (branch === 'end') return 'ended the runbook'
  if (branch === 'fail') return 'failed the step'
  const target = steps.find((step) => step.slug === branch.goto)
  return `went to ${target ? `step ${stepNumber(target)}` : branch.goto}`
}

function conditionFact(step: Step, { block, steps }: Around): string {
  if (step.value === null) return step.reason ?? ''
  const word = step.value ? 'True' : 'False'
  if (!block || !isCondition(block)) return word
  return `${word}, ${branchText(step.value ? block.config.then : block.config.else, steps)}`
}

function timerFact(step: Step, { block, now }: Around): string {
  if (step.status === 'running' && step.due) return `${duration(Date.parse(step.due) - now)} left`
  if (step.reason) return step.reason
  if (!block || !isTimer(block)) return ''
  if (block.config.seconds !== undefined) return lengthText(block.config.seconds)
  return block.config.until ? `until ${block.config.until}` : ''
}

export function lengthText(seconds: number): string {
  return seconds < 120 ? `${count(seconds)} s` : duration(seconds * 1000)
}

export function runWord(
  execution: Pick<ExecutionSummary, 'status' | 'stop'>,
  steps: readonly Step[],
): string | undefined {
  if (execution.stop && execution.status !== 'stopped') {
    const { confirmed, of } = execution.stop
    const left = of - confirmed
    return left > 0 ? `Stopping: ${counted(left, 'host')} still running` : 'Stopping'
  }
  const running = steps.find((step) => step.status === 'running')
  if (execution.status === 'running' && running)
    return `Running step ${stepNumber(running)} of ${blockCount(steps)}`
  return undefined
}

export function blockCount(steps: readonly Step[]): number {
  return new Set(steps.map((step) => step.block_id)).size
}

// The step a restart begins at by itself: where the run failed or was stopped, else the one looked at.
export function restartStep(steps: readonly Step[], selected: Step | undefined): Step | undefined {
  const bad = steps.filter((step) => ['error', 'unknown', 'stopped'].includes(step.status))
  return bad.at(-1) ?? selected ?? steps[0]
}

// What there is to say about a command that waits for approval. Pure.
import { count, counted } from '@/lib/format'
import type { Where } from '@/lib/grants'
import type { CommandConfig, ExecutionSummary, Me, Step, StepApproval } from '@/lib/model'
import { whyNotApprove } from '@/lib/permissions'
import { duration } from '@/lib/time'

// Hosts the command would run on; the approval itself names at most 200 of them.
export function approvalHosts(step: Step): number {
  const counted = Object.values(step.host_counts).reduce((sum, hosts) => sum + hosts, 0)
  return counted || (step.approval?.commands.length ?? 0)
}

export function parallelText(config: CommandConfig, hosts: number): string | undefined {
  const share = config.rollout?.max_parallel
  if (share === undefined) return hosts > 1 ? `all ${count(hosts)} hosts at once` : undefined
  return typeof share === 'string' ? `${share} of the hosts at a time` : `${counted(share, 'host')} at a time`
}

export function failureText(config: CommandConfig, hosts: number): string | undefined {
  const share = config.rollout?.max_failures ?? 0
  if (hosts < 2) return undefined
  if (share === 0) return 'stops at the first failure'
  return `stops when more than ${typeof share === 'string' ? share : counted(share, 'host')} failed`
}

export function approvalsText(approval: StepApproval): string {
  return `${approval.given.length} of ${counted(approval.required, 'approval')}`
}

export function missing(approval: StepApproval): number {
  return Math.max(0, approval.required - approval.given.length)
}

export function expiryText(expiresAt: string, now: number): string {
  const left = Date.parse(expiresAt) - now
  return left <= 0 ? 'Expired' : `Expires in ${duration(left)}`
}

interface Asked {
  me: Me | undefined
  execution: Pick<ExecutionSummary, 'requested_by'>
  approval: StepApproval
  author: string | undefined // person who wrote the version
  now: number
  reach?: Where // what it touches, as far as it is known
}

// Why this person cannot approve; the server decides, this says it beforehand.
export function whyNotApproveStep({
  me,
  execution,
  approval,
  author,
  now,
  reach,
}: Asked): string | undefined {
  if (!me) return 'Who you are is not known yet.'
  const right = whyNotApprove(me.roles, me.id === execution.requested_by, reach)
  if (right) return right
  if (approval.given.some((each) => each.by === me.id))
    return 'You have approved this. Another person must give the next approval.'
  if (approval.other_person && me.id === execution.requested_by)
    return 'Someone else must approve: you started this execution.'
  if (approval.other_person && author !== undefined && me.id === author)
    return 'Someone else must approve: you wrote this version.'
  if (Date.parse(approval.expires_at) <= now) return 'The time to approve this is over.'
  return undefined
}

export function whyNotReject({
  me,
  execution,
  reach,
}: Pick<Asked, 'me' | 'execution' | 'reach'>): string | undefined {
  if (!me) return 'Who you are is not known yet.'
  return whyNotApprove(me.roles, me.id === execution.requested_by, reach)
}

// Hosts of the attempt before that are not tried again.
export function leftOut(step: Step, steps: readonly Step[]): number {
  const before = steps.find((each) => each.block_id === step.block_id && each.attempt === step.attempt - 1)
  if (!before) return 0
  return Math.max(0, approvalHosts(before) - approvalHosts(step))
}

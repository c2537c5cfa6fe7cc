// What there is to say about an approval in a list and after it was decided. Pure.
import { count, counted } from '@/lib/format'
import type { Execution, Step } from '@/lib/model'
import { approvalHosts } from '@/modules/approvals/approval-facts'
import type { WaitingApproval } from '@/modules/approvals/waiting'

const kListed = 200 // commands an approval names at most
const kDefaultExpirySeconds = 3600

export function hostsText(item: Pick<WaitingApproval, 'approval'>): string {
  const hosts = item.approval?.commands.length ?? 0
  return hosts >= kListed ? `${count(hosts)} or more hosts` : counted(hosts, 'host')
}

export function firstLine(item: Pick<WaitingApproval, 'approval'>): string {
  const lines = (item.approval?.commands[0]?.command ?? '').trim().split('\n')
  return lines.length > 1 ? `${lines[0]} …` : (lines[0] ?? '')
}

// When it began to wait: its end is as far away as the block says.
export function waitingSince(expiresAt: string, expirySeconds = kDefaultExpirySeconds): string {
  return new Date(Date.parse(expiresAt) - expirySeconds * 1000).toISOString()
}

export type Answer = 'approve' | 'reject' | 'skip'

export interface Outcome {
  status: string // its icon and colour
  headline: string
  next: string
}

// What became of a step that no longer waits.
export function outcomeOf(step: Step, execution: Pick<Execution, 'status'>): Outcome {
  const hosts = counted(approvalHosts(step), 'host')
  const by = step.approval?.given.map((each) => each.by_name).join(', ')
  const approved = by ? `Approved by ${by}` : 'Approved'
  switch (step.status) {
    case 'running':
      return { status: 'running', headline: approved, next: `It runs on ${hosts} now.` }
    case 'success':
      return { status: 'success', headline: approved, next: `It ran on ${hosts} and succeeded.` }
    case 'error':
      return { status: 'error', headline: approved, next: `It ran on ${hosts} and failed.` }
    case 'unknown':
      return { status: 'unknown', headline: approved, next: `What it did on ${hosts} is not known.` }
    case 'skipped':
      return { status: 'skipped', headline: 'Skipped', next: step.reason ?? 'The step did not run.' }
    case 'stopped':
      return { status: 'stopped', headline: 'Not approved', next: stoppedText(step) }
    case 'awaiting_approval':
      return { status: 'awaiting_approval', headline: 'Waiting', next: '' }
    default:
      return {
        status: step.status,
        headline: 'Not waiting yet',
        next: `The execution is ${execution.status}; this step has not asked.`,
      }
  }
}

function stoppedText(step: Step): string {
  const reason = step.reason ? ` ${upperFirst(step.reason)}.` : ''
  return `The step did not run and the execution has stopped.${reason}`
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const kDecisions: Record<string, { word: string; status: string }> = {
  approved: { word: 'Approved', status: 'success' },
  rejected: { word: 'Rejected', status: 'stopped' },
  skipped: { word: 'Skipped', status: 'skipped' },
  expired: { word: 'Expired', status: 'timed_out' },
  stopped: { word: 'Stopped', status: 'stopped' },
}

export function decisionLook(decision: string | undefined): { word: string; status: string } {
  return kDecisions[decision ?? ''] ?? { word: decision ?? 'Decided', status: 'pending' }
}

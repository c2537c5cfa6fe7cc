// A state is always an icon, a word and a colour. One table for executions, steps, hosts in a step, and
// agents.
import {
  Ban,
  CircleArrowUp,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleQuestionMark,
  CircleX,
  ClockAlert,
  Hand,
  LoaderCircle,
  type LucideIcon,
  ShieldX,
  Unplug,
} from 'lucide-react'

import { cx } from '@/components/class-names'
import type { AgentStatus, ExecutionStatus, HostStatus, StepStatus } from '@/lib/model'

export type AnyStatus = AgentStatus | 'outdated' | 'refused' | ExecutionStatus | HostStatus | StepStatus

interface Look {
  word: string
  icon: LucideIcon
  colour: string
  bar: string
}

const kPending = { icon: CircleDashed, colour: 'text-pending', bar: 'bg-pending' }
const kRunning = { icon: LoaderCircle, colour: 'text-running', bar: 'bg-running' }
const kWaiting = { icon: Hand, colour: 'text-waiting', bar: 'bg-waiting' }
const kGood = { icon: CircleCheck, colour: 'text-success', bar: 'bg-success' }
const kBad = { icon: CircleX, colour: 'text-failed', bar: 'bg-failed' }
const kLost = { icon: Unplug, colour: 'text-lost', bar: 'bg-lost' }
const kEnded = { icon: Ban, colour: 'text-ended', bar: 'bg-ended' }

const kLooks: Record<AnyStatus, Look> = {
  pending: { word: 'Pending', ...kPending },
  queued: { word: 'Queued', ...kPending },
  dispatched: { word: 'Dispatched', ...kPending },
  running: { word: 'Running', ...kRunning },
  awaiting_approval: { word: 'Waiting for approval', ...kWaiting },
  awaiting_input: { word: 'Waiting for confirmation', ...kWaiting },
  paused: { word: 'Paused', icon: CirclePause, colour: 'text-paused', bar: 'bg-paused' },
  completed: { word: 'Completed', ...kGood },
  success: { word: 'Succeeded', ...kGood },
  failed: { word: 'Failed', ...kBad },
  error: { word: 'Failed', ...kBad },
  timed_out: { word: 'Timed out', icon: ClockAlert, colour: 'text-failed', bar: 'bg-failed' },
  unreachable: { word: 'Agent lost', ...kLost },
  unknown: { word: 'Outcome unknown', icon: CircleQuestionMark, colour: 'text-lost', bar: 'bg-lost' },
  refused: { word: 'Refused by the host', icon: ShieldX, colour: 'text-failed', bar: 'bg-failed' },
  not_started: { word: 'Not started', ...kEnded },
  skipped: { word: 'Skipped', ...kEnded },
  stopped: { word: 'Stopped', ...kEnded },
  online: { word: 'Online', ...kGood },
  offline: { word: 'Offline', ...kLost },
  draining: { word: 'Draining', icon: CirclePause, colour: 'text-paused', bar: 'bg-paused' },
  outdated: { word: 'Outdated', icon: CircleArrowUp, colour: 'text-waiting', bar: 'bg-waiting' },
  revoked: { word: 'Revoked', ...kEnded },
}

// A word a newer controller may send is shown as it is.
export function statusLook(status: string): Look {
  return (kLooks as Record<string, Look>)[status] ?? { word: status, ...kPending }
}

export function statusWord(status: string): string {
  return statusLook(status).word
}

export function isProblem(status: string): boolean {
  return ['failed', 'error', 'timed_out', 'unreachable', 'unknown', 'not_started'].includes(status)
}

interface IconProps {
  status: string
  size?: number
  className?: string
}

export function StatusIcon({ status, size = 16, className }: IconProps) {
  const { icon: Icon, colour } = statusLook(status)
  return (
    <Icon
      aria-hidden
      size={size}
      className={cx('shrink-0', colour, status === 'running' && 'animate-turn', className)}
    />
  )
}

export function StatusText({ status, children }: { status: string; children?: string }) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 align-middle font-medium whitespace-nowrap',
        statusLook(status).colour,
      )}
    >
      <StatusIcon status={status} size={14} />
      {children ?? statusWord(status)}
    </span>
  )
}

export function StatusPill({ status, children }: { status: string; children?: string }) {
  return (
    <span
      className={cx(
        'inline-flex h-6 items-center gap-1.5 rounded-full border border-current px-2.5 font-semibold',
        'whitespace-nowrap',
        'text-small',
        statusLook(status).colour,
      )}
    >
      <StatusIcon status={status} size={14} />
      {children ?? statusWord(status)}
    </span>
  )
}

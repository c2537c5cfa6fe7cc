// A request in the inbox: what, where, the first line of the command, who asked, since when, until when.
import { Server } from 'lucide-react'
import { Link } from 'react-router'

import { cx } from '@/components/class-names'
import { StatusText } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import { decisionLook, firstLine, hostsText, waitingSince } from '@/features/approvals/approval-words'
import { isCommand } from '@/lib/model'
import { paths } from '@/lib/paths'
import { exactTime } from '@/lib/time'
import { useNow } from '@/lib/use-now'
import { useVersion } from '@/lib/use-version'
import { approvalsText, expiryText } from '@/modules/approvals/approval-facts'
import type { WaitingApproval } from '@/modules/approvals/waiting'

export function ApprovalItem({ item }: { item: WaitingApproval }) {
  return (
    <Link
      data-request
      to={paths.approval(item.execution_id, item.step_id)}
      className="flex flex-col gap-2 rounded-lg border border-line bg-surface px-3 py-3 hover:bg-raised"
    >
      <span className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="font-semibold">{item.name}</span>
        <span className="text-mute">
          {item.title} <span className="font-mono text-small">v{item.version_number}</span>
        </span>
        <span className="ml-auto inline-flex items-center gap-1.5">
          <Server aria-hidden size={14} className="text-mute" />
          {hostsText(item)}
        </span>
      </span>
      <code
        className={cx(
          'console block truncate rounded-md px-3 py-1.5 font-mono text-[12px]/[18px]',
          'max-md:text-[13px]/[20px]',
        )}
      >
        {firstLine(item)}
      </code>
      {item.decision === undefined ? <Waits item={item} /> : <Decided item={item} />}
    </Link>
  )
}

function Waits({ item }: { item: WaitingApproval }) {
  const now = useNow()
  const { approval } = item
  const version = useVersion(item.runbook_id, item.version_id)
  const block = version.data?.blocks.find((each) => each.slug === item.slug)
  const asked = block && isCommand(block) ? block.config.approval : undefined
  if (!approval) return null
  const seconds = typeof asked === 'object' ? asked.expires_seconds : undefined
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1 text-mute">
      <StatusText status="awaiting_approval">{approvalsText(approval)}</StatusText>
      <Asked item={item} />
      {block && (
        <span>
          waiting since <TimeAgo time={waitingSince(approval.expires_at, seconds)} />
        </span>
      )}
      <time dateTime={approval.expires_at} title={exactTime(approval.expires_at)} className="ml-auto">
        {expiryText(approval.expires_at, now)}
      </time>
    </span>
  )
}

function Asked({ item }: { item: WaitingApproval }) {
  return (
    <span>
      asked by <b className="font-semibold text-fg">{item.requested_by_name}</b>
      {item.reason && ` for ${item.reason}`}
    </span>
  )
}

function Decided({ item }: { item: WaitingApproval }) {
  const { word, status } = decisionLook(item.decision)
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1 text-mute">
      <StatusText status={status}>
        {item.decided_by_name ? `${word} by ${item.decided_by_name}` : word}
      </StatusText>
      {item.note && <span className="break-words">“{item.note}”</span>}
      <Asked item={item} />
      {item.decided_at && (
        <span className="ml-auto">
          <TimeAgo time={item.decided_at} />
        </span>
      )}
    </span>
  )
}

// What waits for this person: commands to approve, instructions to tick off, executions that are paused.
import { CircleCheck, ShieldCheck } from 'lucide-react'
import { Link } from 'react-router'

import { cx } from '@/components/class-names'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { Section } from '@/components/section'
import { StatusText } from '@/components/status'
import { useWaitingForPeople } from '@/features/home/api'
import { RunRow, stepText } from '@/features/home/run-row'
import { count } from '@/lib/format'
import { paths } from '@/lib/paths'
import { may } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'
import { useNow } from '@/lib/use-now'
import { approvalsText, expiryText } from '@/modules/approvals/approval-facts'
import { type WaitingApproval, useWaitingApprovals } from '@/modules/approvals/waiting'

export function NeedsYou() {
  const approvals = useWaitingApprovals()
  const waiting = useWaitingForPeople()
  const me = useMe().data
  // Those who may only read are needed nowhere.
  const acts = me !== undefined && may(me.roles, 'execute')
  const runs = acts ? (waiting.data?.items ?? []) : []
  const mine = approvals?.mine ?? []
  const total = mine.length + runs.length
  const loading = approvals === undefined && waiting.isPending
  return (
    <Section title="Needs you" detail={total > 0 ? count(total) : undefined} flush>
      {waiting.isError && !waiting.data ? (
        <ErrorState
          what="What waits could not be loaded."
          error={waiting.error}
          onRetry={() => void waiting.refetch()}
        />
      ) : loading ? (
        <SkeletonRows rows={2} />
      ) : total === 0 ? (
        <p className="flex items-center gap-2 p-3 text-mute">
          <CircleCheck aria-hidden size={16} className="text-success" />
          Nothing waits for you.
        </p>
      ) : (
        <ul>
          {mine.map((item) => (
            <ApprovalRow key={item.step_id} item={item} />
          ))}
          {runs.map((run) => (
            <RunRow key={run.id} run={run}>
              <span>{stepText(run)}</span>
              <StatusText status={run.status} />
            </RunRow>
          ))}
        </ul>
      )}
    </Section>
  )
}

function ApprovalRow({ item }: { item: WaitingApproval }) {
  const now = useNow()
  return (
    <li className="border-b border-line last:border-0">
      <Link
        to={paths.approval(item.execution_id, item.step_id)}
        className={cx(
          'flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5 hover:bg-raised',
          'max-md:min-h-11',
        )}
      >
        <ShieldCheck aria-hidden size={16} className="shrink-0 text-waiting" />
        <span className="sr-only">To approve: </span>
        <span className="min-w-0 font-semibold break-words">{item.name}</span>
        <span className="text-mute">
          {item.title}, {item.requested_by_name}
          {item.reason && `, ${item.reason}`}
        </span>
        <span className="ml-auto flex flex-wrap items-center gap-x-4 text-mute">
          {item.approval && (
            <>
              <span>{approvalsText(item.approval)}</span>
              <span className="tabular">{expiryText(item.approval.expires_at, now)}</span>
            </>
          )}
          <StatusText status="awaiting_approval" />
        </span>
      </Link>
    </li>
  )
}

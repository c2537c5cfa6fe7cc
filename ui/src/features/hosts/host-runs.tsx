// What a host works on, and its last executions.
import { Link, useNavigate } from 'react-router'

import { type Column, DataTable } from '@/components/data-table'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { StatusText } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import { type HostWork, useHostExecutions } from '@/features/hosts/api'
import type { Agent, ExecutionSummary } from '@/lib/model'
import { paths } from '@/lib/paths'
import { between, duration } from '@/lib/time'
import { useNow } from '@/lib/use-now'

const kWords = {
  current: { title: 'Current work', none: 'Nothing runs or waits on this host.' },
  recent: { title: 'Last 50 executions', none: 'Nothing has run on this host yet.' },
}

const columns: Column<ExecutionSummary>[] = [
  {
    name: 'Runbook',
    className: 'md:w-2/5',
    cell: (item) => (
      <>
        <Link to={paths.execution(item.id)} className="rounded-sm font-semibold hover:text-accent">
          {item.title}
        </Link>{' '}
        <span className="font-mono text-small text-mute">v{item.version_number}</span>
      </>
    ),
  },
  { name: 'State', className: 'md:w-52', cell: (item) => <StatusText status={item.status} /> },
  { name: 'Started by', className: 'max-md:hidden', cell: (item) => item.requested_by_name },
  { name: 'Reason', className: 'text-mute max-lg:hidden', cell: (item) => item.reason ?? '–' },
  {
    name: 'Started',
    className: 'md:w-28 text-mute',
    cell: (item) => <TimeAgo time={item.start_time ?? item.created_at ?? null} />,
  },
  { name: 'Duration', className: 'md:w-24 text-right', cell: (item) => <Duration item={item} /> },
]

function Duration({ item }: { item: ExecutionSummary }) {
  const passed = between(item.start_time, item.end_time, useNow())
  return <span className="tabular">{passed === undefined ? '–' : duration(passed)}</span>
}

export function HostRuns({ agent, work }: { agent: Agent; work: HostWork }) {
  const executions = useHostExecutions(agent.id, work)
  const navigate = useNavigate()
  const { title, none } = kWords[work]
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h2 className="font-semibold">{title}</h2>
      {executions.isError && !executions.data ? (
        <ErrorState
          what="The executions could not be loaded."
          error={executions.error}
          onRetry={() => void executions.refetch()}
        />
      ) : executions.isPending ? (
        <SkeletonRows rows={2} />
      ) : executions.data.items.length === 0 ? (
        <p className="text-mute">{none}</p>
      ) : (
        <DataTable
          label={title}
          columns={columns}
          items={executions.data.items}
          rowKey={(item) => item.id}
          onOpen={(item) => void navigate(paths.execution(item.id))}
          virtual
        />
      )}
    </section>
  )
}

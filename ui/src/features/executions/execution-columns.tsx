// The columns of the list of executions.
import { Link } from 'react-router'

import type { Column } from '@/components/data-table'
import { HostBar } from '@/components/host-bar'
import { StatusPill } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import { targetsText } from '@/features/executions/run-facts'
import { type ExecutionSummary, hasEnded } from '@/lib/model'
import { paths } from '@/lib/paths'
import { between, duration } from '@/lib/time'
import { useNow } from '@/lib/use-now'

export const executionColumns: Column<ExecutionSummary>[] = [
  { name: 'State', className: 'w-46', cell: (item) => <State item={item} /> },
  {
    name: 'Runbook',
    cell: (item) => (
      <>
        <Link to={paths.execution(item.id)} className="rounded-sm font-semibold hover:text-accent">
          {item.title}
        </Link>{' '}
        <span className="font-mono text-small text-mute">v{item.version_number}</span>
      </>
    ),
  },
  { name: 'Started by', className: 'w-24 max-md:hidden', cell: (item) => item.requested_by_name },
  {
    name: 'Reason',
    className: 'w-32 max-lg:hidden text-mute',
    cell: (item) => <span title={item.reason ?? undefined}>{item.reason ?? '–'}</span>,
  },
  { name: 'Targets', className: 'w-36 max-xl:hidden', cell: (item) => <Targets item={item} /> },
  { name: 'Hosts', className: 'w-52 max-lg:hidden', cell: (item) => <HostBar {...item.host_counts} /> },
  {
    name: 'Started',
    className: 'w-26 text-mute',
    cell: (item) => <TimeAgo time={item.start_time ?? item.created_at ?? null} />,
  },
  { name: 'Duration', className: 'w-20 text-right max-md:hidden', cell: (item) => <Duration item={item} /> },
]

function State({ item }: { item: ExecutionSummary }) {
  const { step, of } = item.progress
  const running = item.status === 'running' && !item.stop && step > 0
  if (item.stop && !hasEnded(item.status)) return <StatusPill status={item.status}>Stopping</StatusPill>
  return <StatusPill status={item.status}>{running ? `Running step ${step} of ${of}` : undefined}</StatusPill>
}

function Targets({ item }: { item: ExecutionSummary }) {
  const text = targetsText(item.targets)
  return (
    <span title={text} className="font-mono text-small text-mute">
      {text || '–'}
    </span>
  )
}

function Duration({ item }: { item: ExecutionSummary }) {
  const now = useNow()
  const passed = between(item.start_time, item.end_time, now)
  return <span className="tabular">{passed === undefined ? '–' : duration(passed)}</span>
}

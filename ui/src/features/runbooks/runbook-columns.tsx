// The columns of the list of runbooks.
import { Play } from 'lucide-react'
import { Link } from 'react-router'

import { Button } from '@/components/button'
import type { Column } from '@/components/data-table'
import { LabelChips } from '@/components/label-chips'
import { Sparkbar } from '@/components/sparkbar'
import { StatusText } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import type { RunbookItem } from '@/features/runbooks/api'
import { plainLine } from '@/lib/format'
import { paths } from '@/lib/paths'

export function runbookColumns(
  whyNotRun: (item: RunbookItem) => string | undefined,
  onRun: (id: string) => void,
): Column<RunbookItem>[] {
  return [
    { name: 'Title', className: 'md:min-w-56', cell: (item) => <TitleCell item={item} /> },
    { name: 'Labels', className: 'max-lg:hidden', cell: (item) => <LabelChips labels={item.labels} /> },
    {
      name: 'Version',
      className: 'w-20 max-md:hidden',
      cell: (item) => <span className="font-mono text-small text-mute">v{item.version.version_number}</span>,
    },
    { name: 'Last run', className: 'w-48 max-md:hidden', cell: (item) => <LastRun item={item} /> },
    { name: 'Runs', className: 'w-28 max-md:hidden', cell: (item) => <Sparkbar runs={item.recent} /> },
    { name: 'Owner', className: 'w-28 max-lg:hidden', cell: (item) => item.created_by_name },
    {
      name: 'Run',
      hideName: true,
      className: 'w-24 text-right',
      cell: (item) => (
        <Button
          icon={<Play aria-hidden size={15} />}
          aria-label={`Run ${item.title}`}
          reason={whyNotRun(item)}
          onClick={() => onRun(item.id)}
        >
          Run
        </Button>
      ),
    },
  ]
}

function TitleCell({ item }: { item: RunbookItem }) {
  const first = plainLine(item.description)
  return (
    <div className="min-w-0">
      <Link to={paths.runbook(item.id)} className="rounded-sm font-semibold hover:text-accent">
        {item.title}
      </Link>
      {first && <p className="line-clamp-1 text-mute">{first}</p>}
      {item.last_execution && (
        <p className="md:hidden">
          <StatusText status={item.last_execution.status} />
        </p>
      )}
    </div>
  )
}

function LastRun({ item }: { item: RunbookItem }) {
  const last = item.last_execution
  if (!last) return <span className="text-faint">never</span>
  return (
    <Link to={paths.execution(last.id)} className="inline-flex flex-wrap items-center gap-x-2 rounded-sm">
      <StatusText status={last.status} />
      <span className="text-small text-mute">
        <TimeAgo time={last.end_time ?? last.start_time} />
      </span>
    </Link>
  )
}

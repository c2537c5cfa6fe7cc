import { Play } from 'lucide-react'
import { useCallback, useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'

import { Button } from '@/components/button'
import { type Column, DataTable } from '@/components/data-table'
import { controlClass } from '@/components/field'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { StatusPill, statusWord } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import { useExecutions, useListEvents } from '@/features/executions/api'
import { count } from '@/lib/format'
import type { ExecutionStatus, ExecutionSummary } from '@/lib/model'
import { paths } from '@/lib/paths'
import { between, duration } from '@/lib/time'
import { useNow } from '@/lib/use-now'

const kStates: ExecutionStatus[] = ['pending', 'running', 'awaiting_input', 'completed', 'failed', 'stopped']

const columns: Column<ExecutionSummary>[] = [
  { name: 'State', className: 'w-44', cell: (item) => <StatusPill status={item.status} /> },
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
  { name: 'Started by', className: 'max-md:hidden', cell: (item) => item.requested_by_name },
  { name: 'Reason', className: 'max-lg:hidden text-mute', cell: (item) => item.reason ?? '–' },
  { name: 'Targets', className: 'max-lg:hidden', cell: (item) => <Targets item={item} /> },
  {
    name: 'Started',
    className: 'w-28 text-mute',
    cell: (item) => <TimeAgo time={item.start_time ?? item.created_at ?? null} />,
  },
  { name: 'Duration', className: 'w-20 text-right', cell: (item) => <Duration item={item} /> },
]

function Targets({ item }: { item: ExecutionSummary }) {
  const text = [item.targets?.selector, ...(item.targets?.hosts ?? [])].filter(Boolean).join(', ')
  return <span className="line-clamp-1 font-mono text-small text-mute">{text || '–'}</span>
}

function Duration({ item }: { item: ExecutionSummary }) {
  const now = useNow()
  const passed = between(item.start_time, item.end_time, now)
  return <span className="tabular">{passed === undefined ? '–' : duration(passed)}</span>
}

export function ExecutionsPage() {
  const [search, setSearch] = useSearchParams()
  const status = search.get('status') ?? ''
  const executions = useExecutions(status)
  const navigate = useNavigate()
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  useListEvents(
    status,
    useCallback((id: string) => setFresh((old) => new Set(old).add(id)), []),
  )
  const items = executions.data?.pages.flatMap((page) => page.items) ?? []
  const setStatus = (next: string) => setSearch(next ? { status: next } : {}, { replace: true })
  const showNew = () => {
    setFresh(new Set())
    void executions.refetch()
  }
  return (
    <Page title="Executions" actions={<StateFilter value={status} onChange={setStatus} />}>
      {fresh.size > 0 && status === '' && (
        <Button className="mb-3" onClick={showNew}>
          Show {count(fresh.size)} new
        </Button>
      )}
      {executions.isError && !executions.data ? (
        <ErrorState
          what="The executions could not be loaded."
          error={executions.error}
          onRetry={() => void executions.refetch()}
        />
      ) : executions.isPending ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <None filtered={status !== ''} onClear={() => setStatus('')} />
      ) : (
        <DataTable
          label="Executions"
          columns={columns}
          items={items}
          rowKey={(item) => item.id}
          onOpen={(item) => void navigate(paths.execution(item.id))}
        />
      )}
      {executions.hasNextPage && (
        <Button
          className="mt-3"
          disabled={executions.isFetchingNextPage}
          onClick={() => void executions.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </Page>
  )
}

function StateFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <select
      aria-label="State"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={`${controlClass} h-7 w-52 max-md:h-11`}
    >
      <option value="">Every state</option>
      {kStates.map((state) => (
        <option key={state} value={state}>
          {statusWord(state)}
        </option>
      ))}
    </select>
  )
}

function None({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered)
    return (
      <EmptyState icon={Play} action={<Button onClick={onClear}>Clear the filter</Button>}>
        No execution is in this state.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={Play}
      action={
        <Link to={paths.runbooks} className="text-accent underline">
          Go to the runbooks
        </Link>
      }
    >
      Nothing has run yet. Open a runbook and press Run.
    </EmptyState>
  )
}

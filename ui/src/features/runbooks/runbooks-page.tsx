import { BookOpen, Play } from 'lucide-react'
import { useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'

import { Button } from '@/components/button'
import { type Column, DataTable } from '@/components/data-table'
import { LabelChips } from '@/components/label-chips'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { SearchBox } from '@/components/search-box'
import { TimeAgo } from '@/components/time-ago'
import { useRunbooks } from '@/features/runbooks/api'
import { RunSheet } from '@/features/runbooks/run-sheet'
import { plainLine } from '@/lib/format'
import type { RunbookSummary } from '@/lib/model'
import { paths } from '@/lib/paths'
import { whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'

export function RunbooksPage() {
  const [search, setSearch] = useSearchParams()
  const title = search.get('title') ?? ''
  const runbooks = useRunbooks(title)
  const me = useMe()
  const navigate = useNavigate()
  const [running, setRunning] = useState<string>()
  const reason = whyNot(me.data?.roles ?? [], 'execute')
  const items = runbooks.data?.pages.flatMap((page) => page.items) ?? []
  const setTitle = (next: string) => setSearch(next ? { title: next } : {}, { replace: true })

  const columns = runbookColumns(reason, setRunning)
  return (
    <Page
      title="Runbooks"
      actions={<SearchBox label="Filter by title" value={title} onChange={setTitle} className="w-64" />}
    >
      {runbooks.isError && !runbooks.data ? (
        <ErrorState
          what="The runbooks could not be loaded."
          error={runbooks.error}
          onRetry={() => void runbooks.refetch()}
        />
      ) : runbooks.isPending ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <NoRunbooks filtered={title !== ''} onClear={() => setTitle('')} />
      ) : (
        <DataTable
          label="Runbooks"
          columns={columns}
          items={items}
          rowKey={(item) => item.id}
          onOpen={(item) => void navigate(paths.runbook(item.id))}
          onRun={(item) => reason === undefined && setRunning(item.id)}
        />
      )}
      {runbooks.hasNextPage && (
        <Button
          className="mt-3"
          disabled={runbooks.isFetchingNextPage}
          onClick={() => void runbooks.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      <RunSheet runbookId={running} onClose={() => setRunning(undefined)} />
    </Page>
  )
}

function runbookColumns(reason: string | undefined, onRun: (id: string) => void): Column<RunbookSummary>[] {
  return [
    { name: 'Title', className: 'min-w-56', cell: (item) => <TitleCell item={item} /> },
    { name: 'Labels', className: 'max-md:hidden', cell: (item) => <LabelChips labels={item.labels} /> },
    {
      name: 'Version',
      className: 'w-20',
      cell: (item) => <span className="font-mono text-small text-mute">v{item.version.version_number}</span>,
    },
    {
      name: 'Updated',
      className: 'w-32 text-mute max-md:hidden',
      cell: (item) => <TimeAgo time={item.updated_at} />,
    },
    {
      name: 'Run',
      hideName: true,
      className: 'w-24 text-right',
      cell: (item) => (
        <Button
          icon={<Play aria-hidden size={15} />}
          aria-label={`Run ${item.title}`}
          reason={reason}
          onClick={() => onRun(item.id)}
        >
          Run
        </Button>
      ),
    },
  ]
}

function TitleCell({ item }: { item: RunbookSummary }) {
  const first = plainLine(item.description)
  return (
    <div className="min-w-0">
      <Link to={paths.runbook(item.id)} className="rounded-sm font-semibold hover:text-accent">
        {item.title}
      </Link>
      {first && <p className="line-clamp-1 text-mute">{first}</p>}
    </div>
  )
}

function NoRunbooks({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered)
    return (
      <EmptyState icon={BookOpen} action={<Button onClick={onClear}>Clear the filter</Button>}>
        No runbook has this in its title.
      </EmptyState>
    )
  return (
    <EmptyState icon={BookOpen}>
      There are no runbooks yet. Create the first one with <code className="font-mono">POST /runbooks</code>.
    </EmptyState>
  )
}

// All executions, newest first. Running rows change in place; new ones wait behind a button.
import { Download, Play } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'

import { Button } from '@/components/button'
import { DataTable } from '@/components/data-table'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { useChoice } from '@/components/row-choice'
import { executionColumns } from '@/features/executions/execution-columns'
import { executionsCsv } from '@/features/executions/executions-csv'
import { type Filter, isFiltered, readFilter, writeFilter } from '@/features/executions/executions-filter'
import { FilterBar } from '@/features/executions/filter-bar'
import { readAll, useExecutions, useListChanges } from '@/features/executions/list-api'
import { saveText } from '@/lib/download'
import { count, counted } from '@/lib/format'
import type { ExecutionSummary } from '@/lib/model'
import { paths } from '@/lib/paths'

const nameOf = (item: ExecutionSummary) => item.title

export function ExecutionsPage() {
  const [search, setSearch] = useSearchParams()
  const filter = useMemo(() => readFilter(search), [search])
  const setFilter = (changes: Partial<Filter>) =>
    setSearch((old) => writeFilter({ ...readFilter(old), ...changes }), { replace: true })
  const executions = useExecutions(filter)
  const fresh = useListChanges(filter)
  const navigate = useNavigate()
  const choice = useChoice(nameOf)
  const items = executions.data?.pages.flatMap((page) => page.items) ?? []
  const showNew = () => {
    fresh.clear()
    void executions.refetch()
  }
  const more = () => {
    if (executions.hasNextPage && !executions.isFetchingNextPage) void executions.fetchNextPage()
  }
  return (
    <Page
      title="Executions"
      actions={<Export filter={filter} chosen={items.filter((item) => choice.chosen.has(item.id))} />}
      below={<FilterBar filter={filter} onChange={setFilter} />}
    >
      <div aria-live="polite">
        {fresh.count > 0 && (
          <Button className="mb-3 rounded-full!" onClick={showNew}>
            {count(fresh.count)} new
          </Button>
        )}
      </div>
      {executions.isError && !executions.data ? (
        <ErrorState
          what="The executions could not be loaded."
          error={executions.error}
          onRetry={() => void executions.refetch()}
        />
      ) : executions.isPending ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <None filtered={isFiltered(filter)} onClear={() => setSearch({}, { replace: true })} />
      ) : (
        <DataTable
          label="Executions"
          columns={executionColumns}
          items={items}
          rowKey={(item) => item.id}
          onOpen={(item) => void navigate(paths.execution(item.id))}
          choice={choice}
          virtual
          onNearEnd={more}
        />
      )}
      {executions.hasNextPage && (
        <Button className="mt-3" disabled={executions.isFetchingNextPage} onClick={more}>
          {executions.isFetchingNextPage ? 'Loading…' : 'Show older'}
        </Button>
      )}
    </Page>
  )
}

function Export({ filter, chosen }: { filter: Filter; chosen: ExecutionSummary[] }) {
  const [state, setState] = useState<{ busy: boolean; error?: unknown; note?: string }>({ busy: false })
  const save = (items: ExecutionSummary[]) => saveText('executions.csv', executionsCsv(items), 'text/csv')
  const run = async () => {
    if (chosen.length > 0) return save(chosen)
    setState({ busy: true })
    try {
      const { items, cut } = await readAll(filter)
      save(items)
      setState({ busy: false, ...(cut && { note: `Only the newest ${count(items.length)} were exported.` }) })
    } catch (error) {
      setState({ busy: false, error })
    }
  }
  return (
    <>
      {state.note && <span className="self-center text-mute">{state.note}</span>}
      {state.error !== undefined && (
        <ErrorState what="The export failed." error={state.error} onRetry={() => void run()} />
      )}
      <Button icon={<Download aria-hidden size={14} />} disabled={state.busy} onClick={() => void run()}>
        {chosen.length > 0 ? `Export ${counted(chosen.length, 'row')} as CSV` : 'Export as CSV'}
      </Button>
    </>
  )
}

function None({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered)
    return (
      <EmptyState icon={Play} action={<Button onClick={onClear}>Clear the filters</Button>}>
        No execution matches the filters.
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

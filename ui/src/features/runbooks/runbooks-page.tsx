// Every runbook: found by text, labels, owner and last result; run, edited, exported and deleted from here.
import { BookOpen, Plus } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'

import { Button } from '@/components/button'
import { DataTable } from '@/components/data-table'
import { Kbd } from '@/components/kbd'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { useChoice } from '@/components/row-choice'
import { type RunbookItem, runbooksKey, useRunbooks } from '@/features/runbooks/api'
import { ChosenBar } from '@/features/runbooks/chosen-bar'
import { RunSheet } from '@/features/runbooks/run-sheet'
import { runbookColumns } from '@/features/runbooks/runbook-columns'
import { RunbookFilters, useRunbookFilter } from '@/features/runbooks/runbook-filters'
import { useExecutionChanges } from '@/lib/execution-changes'
import { paths } from '@/lib/paths'
import { whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'

const kLiveKeys = [[...runbooksKey, 'list']]
const titleOf = (item: RunbookItem) => item.title

export function RunbooksPage() {
  const { filter, set, clear, isFiltered } = useRunbookFilter()
  const runbooks = useRunbooks(filter)
  useExecutionChanges(kLiveKeys)
  const roles = useMe().data?.roles ?? []
  const mayRun = (item: RunbookItem) => whyNot(roles, 'execute', { runbook: item.labels })
  const mayChange = (item: RunbookItem) => whyNot(roles, 'author', { runbook: item.labels })
  const mayEdit = whyNot(roles, 'author')
  const navigate = useNavigate()
  const [running, setRunning] = useState<string>()
  const choice = useChoice(titleOf)
  const items = runbooks.data?.pages.flatMap((page) => page.items) ?? []
  const chosen = items.filter((item) => choice.chosen.has(item.id))
  const create = () => void navigate(paths.newRunbook)
  return (
    <Page
      title="Runbooks"
      actions={
        <Button kind="primary" icon={<Plus aria-hidden size={15} />} reason={mayEdit} onClick={create}>
          New runbook <Kbd>c</Kbd>
        </Button>
      }
      below={<RunbookFilters filter={filter} onChange={set} onClear={clear} filtered={isFiltered} />}
    >
      {chosen.length > 0 && (
        <ChosenBar
          chosen={chosen}
          mayEdit={chosen.map(mayChange).find((reason) => reason !== undefined)}
          onClear={() => choice.set([])}
          onDeleted={() => choice.set([])}
        />
      )}
      {runbooks.isError && !runbooks.data ? (
        <ErrorState
          what="The runbooks could not be loaded."
          error={runbooks.error}
          onRetry={() => void runbooks.refetch()}
        />
      ) : runbooks.isPending ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <NoRunbooks filtered={isFiltered} mayEdit={mayEdit} onClear={clear} onCreate={create} />
      ) : (
        <DataTable
          label="Runbooks"
          columns={runbookColumns(mayRun, setRunning)}
          items={items}
          rowKey={(item) => item.id}
          choice={choice}
          onOpen={(item) => void navigate(paths.runbook(item.id))}
          onRun={(item) => mayRun(item) === undefined && setRunning(item.id)}
          keys={{ e: (item) => mayChange(item) === undefined && void navigate(paths.editRunbook(item.id)) }}
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

interface NoneProps {
  filtered: boolean
  mayEdit: string | undefined
  onClear: () => void
  onCreate: () => void
}

function NoRunbooks({ filtered, mayEdit, onClear, onCreate }: NoneProps) {
  if (filtered)
    return (
      <EmptyState icon={BookOpen} action={<Button onClick={onClear}>Clear filters</Button>}>
        No runbook matches these filters.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={BookOpen}
      action={
        <Button kind="primary" reason={mayEdit} onClick={onCreate}>
          Write the first runbook
        </Button>
      }
    >
      There are no runbooks yet.
    </EmptyState>
  )
}

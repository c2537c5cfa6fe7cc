// Every version of a runbook: who made it, when and why, what it ran, and the way back to it.
import { CircleCheck, GitCompareArrows, RotateCcw } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'

import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { Button, buttonClass } from '@/components/button'
import { type Column, DataTable } from '@/components/data-table'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { Sparkbar } from '@/components/sparkbar'
import { TimeAgo } from '@/components/time-ago'
import { type Version, runsKey, useRunbook, useRunsOf, useVersions } from '@/features/runbooks/api'
import { RollbackDialog } from '@/features/runbooks/rollback-dialog'
import { RunbookMissing } from '@/features/runbooks/runbook-missing'
import { useExecutionChanges } from '@/lib/execution-changes'
import { counted } from '@/lib/format'
import type { ExecutionSummary, Runbook } from '@/lib/model'
import { paths } from '@/lib/paths'
import { whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'

const kLiveKeys = [runsKey]

export function VersionsPage() {
  const { id } = useParams()
  const runbook = useRunbook(id)
  if (runbook.data) return <Loaded runbook={runbook.data} />
  if (runbook.isError)
    return <RunbookMissing title="Versions" error={runbook.error} onRetry={() => void runbook.refetch()} />
  return <SkeletonRows />
}

function Loaded({ runbook }: { runbook: Runbook }) {
  const versions = useVersions(runbook.id)
  const runs = useRunsOf(runbook.id)
  useExecutionChanges(kLiveKeys)
  const me = useMe()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<Version>()
  const [done, setDone] = useState<{ made: number; to: number }>()
  const reason = whyNot(me.data?.roles ?? [], 'author', { runbook: runbook.labels })
  const items = versions.data?.pages.flatMap((page) => page.items) ?? []
  const newest = runbook.version.version_number
  const byVersion = useMemo(() => runsByVersion(runs.data?.items ?? []), [runs.data])
  const columns = versionColumns({ runbook: runbook.id, newest, reason, runs: byVersion, onAsk: setAsking })
  return (
    <Page
      title={`Versions of ${runbook.title}`}
      actions={
        <Link to={paths.runbook(runbook.id)} className={buttonClass('plain')}>
          Back to the runbook
        </Link>
      }
    >
      <BreadcrumbEnd title={runbook.title} detail="versions" />
      <div role="status">{done && <Done {...done} />}</div>
      {versions.isError && !versions.data ? (
        <ErrorState
          what="The versions could not be loaded."
          error={versions.error}
          onRetry={() => void versions.refetch()}
        />
      ) : versions.isPending ? (
        <SkeletonRows />
      ) : (
        <DataTable
          label="Versions"
          columns={columns}
          items={items}
          rowKey={(item) => item.id}
          onOpen={(item) => void navigate(changesPath(runbook.id, item))}
        />
      )}
      {versions.hasNextPage && (
        <Button
          className="mt-3"
          disabled={versions.isFetchingNextPage}
          onClick={() => void versions.fetchNextPage()}
        >
          Show older
        </Button>
      )}
      {runs.data?.next_cursor && (
        <p className="mt-3 text-mute">
          The runs are those among the newest {counted(runs.data.items.length, 'execution')}.
        </p>
      )}
      {asking && (
        <RollbackDialog
          key={asking.id}
          runbook={runbook}
          to={asking}
          onClose={() => setAsking(undefined)}
          onDone={(made) => {
            setDone({ made, to: asking.version_number })
            setAsking(undefined)
          }}
        />
      )}
    </Page>
  )
}

function Done({ made, to }: { made: number; to: number }) {
  return (
    <p className="mb-3 flex items-center gap-2 rounded-lg border border-success bg-surface px-3 py-2">
      <CircleCheck aria-hidden size={16} className="text-success" />
      Version {made} was made. It is equal to version {to}.
    </p>
  )
}

function runsByVersion(runs: ExecutionSummary[]): Map<string, ExecutionSummary[]> {
  const found = new Map<string, ExecutionSummary[]>()
  for (const run of runs) found.set(run.version_id, [...(found.get(run.version_id) ?? []), run])
  return found
}

// What a version changed; the first one against the newest.
function changesPath(runbook: string, { version_number: number }: Version): string {
  return paths.compare(runbook, String(Math.max(1, number - 1)), String(number))
}

interface ColumnProps {
  runbook: string
  newest: number
  reason: string | undefined
  runs: Map<string, ExecutionSummary[]>
  onAsk: (version: Version) => void
}

function versionColumns({ runbook, newest, reason, runs, onAsk }: ColumnProps): Column<Version>[] {
  return [
    {
      name: 'Version',
      className: 'w-36',
      cell: (item) => (
        <span className="flex items-center gap-2">
          <Link
            to={changesPath(runbook, item)}
            className="rounded-sm font-mono font-semibold hover:text-accent"
          >
            v{item.version_number}
          </Link>
          {item.version_number === newest && (
            <span className="rounded-full border border-line px-2 text-small text-mute">newest</span>
          )}
        </span>
      ),
    },
    { name: 'Author', className: 'w-32', cell: (item) => item.created_by_name },
    {
      name: 'Made',
      className: 'w-32 text-mute max-md:hidden',
      cell: (item) => <TimeAgo time={item.created_at} />,
    },
    {
      name: 'Note',
      cell: (item) => item.message || <span className="text-faint">none</span>,
    },
    {
      name: 'Runs',
      className: 'w-44 max-md:hidden',
      cell: (item) => <Runs runs={runs.get(item.id) ?? []} />,
    },
    {
      name: 'Actions',
      hideName: true,
      className: 'w-64 text-right',
      cell: (item) =>
        item.version_number === newest ? null : (
          <span className="inline-flex flex-wrap justify-end gap-2">
            <Link
              to={paths.compare(runbook, String(item.version_number), String(newest))}
              aria-label={`Compare version ${item.version_number} with the newest`}
              className={buttonClass('plain')}
            >
              <GitCompareArrows aria-hidden size={15} />
              Compare
            </Link>
            <Button
              icon={<RotateCcw aria-hidden size={15} />}
              aria-label={`Roll back to version ${item.version_number}`}
              reason={reason}
              onClick={() => onAsk(item)}
            >
              Roll back
            </Button>
          </span>
        ),
    },
  ]
}

function Runs({ runs }: { runs: ExecutionSummary[] }) {
  if (runs.length === 0) return <span className="text-faint">none</span>
  return (
    <span className="inline-flex items-center gap-2">
      <Sparkbar runs={runs} />
      <span className="tabular text-small text-mute">{counted(runs.length, 'run')}</span>
    </span>
  )
}

// The newest executions of one runbook, kept up to date.
import { Link } from 'react-router'

import { cx } from '@/components/class-names'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { StatusText } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import { runsKey, useRunsOf } from '@/features/runbooks/api'
import { useExecutionChanges } from '@/lib/execution-changes'
import { paths } from '@/lib/paths'

const kRuns = 8
const kLiveKeys = [runsKey]

export function RecentRuns({ runbook }: { runbook: string }) {
  const runs = useRunsOf(runbook, kRuns)
  useExecutionChanges(kLiveKeys)
  return (
    <section aria-labelledby="runs-heading" className="min-w-0">
      <h2 id="runs-heading" className="mb-2 font-semibold">
        Recent runs
      </h2>
      {runs.isError && !runs.data ? (
        <ErrorState
          what="The runs could not be loaded."
          error={runs.error}
          onRetry={() => void runs.refetch()}
        />
      ) : !runs.data ? (
        <SkeletonRows rows={3} />
      ) : runs.data.items.length === 0 ? (
        <p className="text-mute">It has not run yet.</p>
      ) : (
        <ul className="rounded-lg border border-line bg-surface">
          {runs.data.items.map((run) => (
            <li key={run.id} className="border-b border-line last:border-0">
              <Link
                to={paths.execution(run.id)}
                className={cx(
                  'flex flex-wrap items-center gap-x-3 gap-y-0.5',
                  'px-3 py-1.5 hover:bg-raised max-md:min-h-11',
                )}
              >
                <StatusText status={run.status} />
                <span className="font-mono text-small text-mute">v{run.version_number}</span>
                <span className="ml-auto text-small text-mute">
                  {run.requested_by_name}, <TimeAgo time={run.start_time ?? run.created_at ?? null} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

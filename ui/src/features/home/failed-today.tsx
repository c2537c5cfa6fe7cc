// What failed within the last 24 hours.
import { Link } from 'react-router'

import { ErrorState, SkeletonRows } from '@/components/notice'
import { Section } from '@/components/section'
import { TimeAgo } from '@/components/time-ago'
import { useFailedToday } from '@/features/home/api'
import { RunRow, stepText } from '@/features/home/run-row'
import { count, counted } from '@/lib/format'
import { paths } from '@/lib/paths'

export function FailedToday() {
  const failed = useFailedToday()
  const items = failed.data?.items ?? []
  return (
    <Section
      title="Failed in 24 h"
      detail={items.length > 0 ? counted(items.length, 'execution') : undefined}
      actions={
        failed.data?.next_cursor && (
          <Link to={`${paths.executions}?status=failed`} className="text-accent underline">
            All of them
          </Link>
        )
      }
      flush
    >
      {failed.isError && !failed.data ? (
        <ErrorState
          what="What failed could not be loaded."
          error={failed.error}
          onRetry={() => void failed.refetch()}
        />
      ) : failed.isPending ? (
        <SkeletonRows rows={2} />
      ) : items.length === 0 ? (
        <p className="p-3 text-mute">Nothing failed.</p>
      ) : (
        <ul>
          {items.map((run) => (
            <RunRow key={run.id} run={run}>
              <span>{stepText(run)}</span>
              {run.host_counts.failed > 0 && (
                <span className="text-failed">
                  {count(run.host_counts.failed)} of {counted(run.host_counts.total, 'host')} failed
                </span>
              )}
              <TimeAgo time={run.end_time ?? run.start_time} />
            </RunRow>
          ))}
        </ul>
      )}
    </Section>
  )
}

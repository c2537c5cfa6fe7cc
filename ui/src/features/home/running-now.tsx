// The executions under way, with the step they are at and how far their hosts are.
import { Link } from 'react-router'

import { HostBar } from '@/components/host-bar'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { Section } from '@/components/section'
import { useRunningNow } from '@/features/home/api'
import { RunRow, stepText } from '@/features/home/run-row'
import { counted } from '@/lib/format'
import type { ExecutionSummary } from '@/lib/model'
import { paths } from '@/lib/paths'
import { between, duration } from '@/lib/time'
import { useNow } from '@/lib/use-now'

export function RunningNow() {
  const running = useRunningNow()
  const items = running.data?.items ?? []
  return (
    <Section
      title="Running now"
      detail={items.length > 0 ? counted(items.length, 'execution') : undefined}
      actions={running.data?.next_cursor && <All />}
      flush
    >
      {running.isError && !running.data ? (
        <ErrorState
          what="What runs could not be loaded."
          error={running.error}
          onRetry={() => void running.refetch()}
        />
      ) : running.isPending ? (
        <SkeletonRows rows={2} />
      ) : items.length === 0 ? (
        <p className="p-3 text-mute">Nothing runs.</p>
      ) : (
        <ul>
          {items.map((run) => (
            <RunRow key={run.id} run={run}>
              <span className="tabular">{stepText(run)}</span>
              <HostBar {...run.host_counts} />
              <Passed run={run} />
            </RunRow>
          ))}
        </ul>
      )}
    </Section>
  )
}

function All() {
  return (
    <Link to={`${paths.executions}?status=running`} className="text-accent underline">
      All of them
    </Link>
  )
}

function Passed({ run }: { run: ExecutionSummary }) {
  const now = useNow()
  const passed = between(run.start_time, run.end_time, now)
  return <span className="tabular w-14 text-right">{passed === undefined ? '–' : duration(passed)}</span>
}

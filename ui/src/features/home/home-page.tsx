// Where a day begins: what needs me, what runs, what failed, and whether the agents are well.
import { ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { AgentHealth } from '@/features/home/agent-health'
import { homeKey, useAnyExecution } from '@/features/home/api'
import { FailedToday } from '@/features/home/failed-today'
import { FirstSteps } from '@/features/home/first-steps'
import { NeedsYou } from '@/features/home/needs-you'
import { RunningNow } from '@/features/home/running-now'
import { useExecutionChanges } from '@/lib/execution-changes'

const kLiveKeys = [homeKey]

export function HomePage() {
  const any = useAnyExecution()
  useExecutionChanges(kLiveKeys)
  return (
    <Page title="Home">
      {any.isError && any.data === undefined ? (
        <ErrorState
          what="The executions could not be loaded."
          error={any.error}
          onRetry={() => void any.refetch()}
        />
      ) : any.data === undefined ? (
        <SkeletonRows />
      ) : any.data ? (
        <div className="grid max-w-[1400px] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_340px]">
          <div className="flex min-w-0 flex-col gap-4">
            <NeedsYou />
            <RunningNow />
            <FailedToday />
          </div>
          <AgentHealth />
        </div>
      ) : (
        <FirstSteps />
      )}
    </Page>
  )
}

// The feed of the execution on screen, and reading parts of its state: a part that did not change draws
// nothing.
import { useEffect, useState, useSyncExternalStore } from 'react'

import { useConnection, useTopic } from '@/lib/live'
import { useExecution } from '@/features/executions/api'
import { ExecutionFeed } from '@/features/executions/execution-feed'
import type { ExecutionState } from '@/features/executions/live-execution'

export function useFeed<T>(feed: ExecutionFeed, part: (state: ExecutionState) => T): T {
  return useSyncExternalStore(feed.listen, () => part(feed.state()))
}

export function useExecutionFeed(id: string) {
  const [feed] = useState(() => new ExecutionFeed(id))
  const { phase } = useConnection()
  const answer = useExecution(id, phase !== 'live')
  useTopic(feed.topic)
  useEffect(() => {
    if (answer.data) feed.answered(answer.data)
  }, [answer.data, feed])
  return { feed, answer }
}

// The executions topic for lists that do not patch rows themselves: what changed is read again.
import type { QueryKey } from '@tanstack/react-query'
import { useMemo } from 'react'

import { useTopic } from '@/lib/live'
import type { Topic } from '@/lib/live-socket'
import { useRefresh } from '@/lib/use-refresh'

// `keys` must be the same array on every render.
export function useExecutionChanges(keys: readonly QueryKey[]): void {
  const refresh = useRefresh(keys)
  const topic = useMemo<Topic>(
    () => ({
      subscribe: () => ({ sub: { executions: true } }),
      unsubscribe: () => ({ unsub: { executions: true } }),
      onEvent: (event) => event.event === 'execution' && refresh(),
    }),
    [refresh],
  )
  useTopic(topic)
}

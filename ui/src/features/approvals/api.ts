// One request for approval: the execution it belongs to, read again with every change.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { api } from '@/lib/api-client'
import { useConnection, useTopic } from '@/lib/live'
import type { Topic } from '@/lib/live-socket'
import type { Execution } from '@/lib/model'
import { useRefresh } from '@/lib/use-refresh'

const kPollMs = 5_000

export function useAskingExecution(id: string) {
  const { phase } = useConnection()
  const key = useMemo(() => ['approvals', 'execution', id], [id])
  const refresh = useRefresh(useMemo(() => [key], [key]))
  const topic = useMemo<Topic>(
    () => ({
      subscribe: () => ({ sub: { execution: id, output: false, from: {} } }),
      unsubscribe: () => ({ unsub: { execution: id } }),
      execution: id,
      onEvent: (event) => event.event !== 'stream' && event.event !== 'host' && refresh(),
    }),
    [id, refresh],
  )
  useTopic(topic)
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<Execution>(`executions/${id}`, { fields: 'summary' }, signal),
    refetchInterval: phase === 'live' ? false : kPollMs,
  })
}

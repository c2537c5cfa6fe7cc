// Agents: lists, totals and what a selector matches. Live "agent" events refresh them.
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'

import { api } from '@/lib/api-client'
import { useTopic } from '@/lib/live'
import type { Topic } from '@/lib/live-socket'
import type { AgentMatches, AgentPage, Targets } from '@/lib/model'

const kPage = 500
const kRefreshMs = 1_000

export const agentsKey = ['agents']

export interface AgentFilter {
  name: string
  status: string
  selector?: string
}

export function useAgents(filter: AgentFilter) {
  return useInfiniteQuery({
    queryKey: [...agentsKey, 'list', filter],
    queryFn: ({ pageParam, signal }) => {
      const params = {
        limit: kPage,
        name: filter.name || undefined,
        status: filter.status || undefined,
        selector: filter.selector || undefined,
        cursor: pageParam,
      }
      return api.get<AgentPage>('agents', params, signal)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}

// Counts of the agents that are not revoked; of the first 500 only, which is said by `more`.
export function useAgentTotals(): { online: number; total: number; more: boolean } | undefined {
  const { data } = useAgents({ name: '', status: '' })
  useAgentEvents()
  return useMemo(() => {
    if (!data) return undefined
    const agents = data.pages.flatMap((page) => page.items).filter((agent) => agent.status !== 'revoked')
    return {
      online: agents.filter((agent) => agent.status === 'online').length,
      total: agents.length,
      more: data.pages.at(-1)?.next_cursor != null,
    }
  }, [data])
}

function useAgentEvents(): void {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const topic = useMemo<Topic>(
    () => ({
      subscribe: () => ({ sub: { agents: true } }),
      unsubscribe: () => ({ unsub: { agents: true } }),
      onEvent: (event) => {
        if (event.event !== 'agent' || timer.current !== undefined) return
        // Many agents may come back at once: one refresh for all of them.
        timer.current = setTimeout(() => {
          timer.current = undefined
          void queries.invalidateQueries({ queryKey: agentsKey })
        }, kRefreshMs)
      },
    }),
    [queries],
  )
  useTopic(topic)
}

function isEmpty(targets: Targets): boolean {
  return !targets.selector?.trim() && (targets.hosts ?? []).length === 0
}

export function useMatches(targets: Targets, enabled = true) {
  return useQuery({
    queryKey: [...agentsKey, 'match', targets],
    queryFn: ({ signal }) => api.post<AgentMatches>('agents/match', targets, undefined, signal),
    enabled: enabled && !isEmpty(targets),
    placeholderData: keepPreviousData,
  })
}

// Agents: lists, totals and what a selector matches. Live "agent" events change them.
import {
  type QueryClient,
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'

import { api } from '@/lib/api-client'
import { useTopic } from '@/lib/live'
import type { Topic } from '@/lib/live-socket'
import type { Agent, AgentCounts, AgentMatches, AgentPage, Targets } from '@/lib/model'
import { type AgentPages, holdsAll, patchAgents } from '@/modules/fleet/patch-agents'

const kPage = 500
const kRefreshMs = 1_000

export const agentsKey = ['agents']
export const agentListKey = [...agentsKey, 'list']

export interface AgentFilter {
  name: string
  status: string
  selector?: string
  outdated?: boolean
}

export function useAgents(filter: AgentFilter) {
  return useInfiniteQuery({
    queryKey: [...agentListKey, filter],
    queryFn: ({ pageParam, signal }) => {
      const params = {
        limit: kPage,
        name: filter.name || undefined,
        status: filter.status || undefined,
        selector: filter.selector || undefined,
        outdated: filter.outdated || undefined,
        cursor: pageParam,
      }
      return api.get<AgentPage>('agents', params, signal)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}

// Exact counts of all that match, by status.
export function useAgentCounts(filter: { name: string; selector: string }) {
  return useQuery({
    queryKey: [...agentsKey, 'counts', filter],
    queryFn: ({ signal }) =>
      api.get<AgentCounts>(
        'agents/counts',
        { name: filter.name || undefined, selector: filter.selector || undefined },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
}

export function useAgentTotals(): { online: number; total: number } | undefined {
  const { data } = useAgentCounts({ name: '', selector: '' })
  useAgentEvents()
  return data && { online: data.online, total: data.online + data.offline + data.draining }
}

// Many agents may come back at once: what changed is gathered and shown together.
function useAgentEvents(): void {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const topic = useMemo<Topic>(() => {
    let changed = new Map<string, Agent>()
    return {
      subscribe: () => ({ sub: { agents: true } }),
      unsubscribe: () => ({ unsub: { agents: true } }),
      onEvent: (event) => {
        if (event.event !== 'agent') return
        changed.set(event.data.id, event.data)
        timer.current ??= setTimeout(() => {
          timer.current = undefined
          showChanged(queries, changed)
          changed = new Map()
        }, kRefreshMs)
      },
    }
  }, [queries])
  useTopic(topic)
}

function showChanged(queries: QueryClient, changed: ReadonlyMap<string, Agent>): void {
  queries.setQueriesData<AgentPages>({ queryKey: agentListKey }, (data) => data && patchAgents(data, changed))
  void queries.invalidateQueries({
    queryKey: agentsKey,
    predicate: ({ queryKey, state }) =>
      queryKey[1] !== agentListKey[1] || !holdsAll(state.data as AgentPages | undefined, changed.keys()),
  })
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

// Hosts: one agent, its changes, its executions, enrolment tokens.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'

import { api } from '@/lib/api-client'
import { useTopic } from '@/lib/live'
import type { Topic } from '@/lib/live-socket'
import type {
  Agent,
  EnrollmentToken,
  EnrollmentTokenPage,
  ExecutionPage,
  Labels,
  NewEnrollmentToken,
} from '@/lib/model'
import { agentsKey } from '@/modules/fleet/api'

const kRefreshMs = 1_000
const kRecent = 50
const kCurrent = 'pending,running,awaiting_approval,awaiting_input,paused'
const kTokens = 100

export const tokensKey = ['enrollment-tokens']

export function useAgent(id: string) {
  return useQuery({
    queryKey: [...agentsKey, 'one', id],
    queryFn: ({ signal }) => api.get<Agent>(`agents/${id}`, undefined, signal),
    placeholderData: keepPreviousData,
  })
}

export type HostWork = 'current' | 'recent'

export function useHostExecutions(agent: string, work: HostWork) {
  const status = work === 'current' ? kCurrent : undefined
  return useQuery({
    queryKey: ['host-executions', agent, work],
    queryFn: ({ signal }) =>
      api.get<ExecutionPage>('executions', { agent_id: agent, status, limit: kRecent }, signal),
  })
}

// What runs changed: executions of a host and the number of commands on it are asked for again.
export function useWorkEvents(): void {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const topic = useMemo<Topic>(
    () => ({
      subscribe: () => ({ sub: { executions: true } }),
      unsubscribe: () => ({ unsub: { executions: true } }),
      onEvent: (event) => {
        if (event.event !== 'execution') return
        timer.current ??= setTimeout(() => {
          timer.current = undefined
          void queries.invalidateQueries({ queryKey: ['host-executions'] })
          void queries.invalidateQueries({ queryKey: agentsKey, predicate: isCheap })
        }, kRefreshMs)
      },
    }),
    [queries],
  )
  useTopic(topic)
}

// A list of many pages is not fetched again because a command began somewhere.
function isCheap({ state }: { state: { data?: unknown } }): boolean {
  const pages = (state.data as { pages?: unknown[] } | undefined)?.pages
  return pages === undefined || pages.length <= 1
}

export interface AgentChange {
  labels?: Labels
  draining?: boolean
}

export function useChangeAgent(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: AgentChange) => api.patch<Agent>(`agents/${id}`, change),
    onSuccess: (agent) => {
      queries.setQueryData([...agentsKey, 'one', id], agent)
      void queries.invalidateQueries({ queryKey: agentsKey })
    },
  })
}

export function useRevokeAgent(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.delete<void>(`agents/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: agentsKey }),
  })
}

// While a token is open it is asked for again at times: the host that uses it may not connect yet.
export function useTokens(watch: boolean) {
  return useQuery({
    queryKey: tokensKey,
    queryFn: ({ signal }) => api.get<EnrollmentTokenPage>('enrollment-tokens', { limit: kTokens }, signal),
    select: (page) => page.items,
    refetchInterval: watch ? 3_000 : false,
  })
}

// A host that was just enrolled connects: the tokens' states changed too.
export function useTokenEvents(): void {
  const queries = useQueryClient()
  const topic = useMemo<Topic>(
    () => ({
      subscribe: () => ({ sub: { agents: true } }),
      unsubscribe: () => ({ unsub: { agents: true } }),
      onEvent: (event) => {
        if (event.event === 'agent') void queries.invalidateQueries({ queryKey: tokensKey })
      },
    }),
    [queries],
  )
  useTopic(topic)
}

export function useMakeToken() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: { labels: Labels; expires_at: string }) =>
      api.post<NewEnrollmentToken>('enrollment-tokens', input),
    onSuccess: () => queries.invalidateQueries({ queryKey: tokensKey }),
  })
}

export function useRevokeToken() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (token: EnrollmentToken) => api.delete<void>(`enrollment-tokens/${token.id}`),
    onSettled: () => queries.invalidateQueries({ queryKey: tokensKey }),
  })
}

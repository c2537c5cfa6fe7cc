// Executions: lists, one, its hosts, and what can be asked of it.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useMemo } from 'react'

import { api } from '@/lib/api-client'
import { useTopic } from '@/lib/live'
import type { ExecutionChange } from '@/lib/live-events'
import type { Topic } from '@/lib/live-socket'
import type { Execution, ExecutionPage, Runbook, StepHostPage } from '@/lib/model'

const kPage = 50
const kPollMs = 5_000
const kHostPage = 500

type Pages = { pages: ExecutionPage[]; pageParams: unknown[] }

const listKey = (status: string) => ['executions', 'list', status]

export function useExecutions(status: string) {
  return useInfiniteQuery({
    queryKey: listKey(status),
    queryFn: ({ pageParam, signal }) =>
      api.get<ExecutionPage>(
        'executions',
        { limit: kPage, status: status || undefined, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}

// Rows change in place; executions that are not in the list yet are only reported, so that nothing moves.
export function useListEvents(status: string, onNew: (id: string) => void): void {
  const queries = useQueryClient()
  const topic = useMemo<Topic>(
    () => ({
      subscribe: () => ({ sub: { executions: true } }),
      unsubscribe: () => ({ unsub: { executions: true } }),
      onEvent: (event) => {
        if (event.event !== 'execution') return
        const old = queries.getQueryData<Pages>(listKey(status))
        if (!old) return
        const known = old.pages.some((page) => page.items.some((item) => item.id === event.data.id))
        if (known) queries.setQueryData<Pages>(listKey(status), patched(old, event.data))
        else onNew(event.data.id)
      },
    }),
    [queries, status, onNew],
  )
  useTopic(topic)
}

function patched(old: Pages, change: ExecutionChange): Pages {
  const pages = old.pages.map((page) => ({
    ...page,
    items: page.items.map((item) => (item.id === change.id ? { ...item, ...change } : item)),
  }))
  return { ...old, pages }
}

export function useExecution(id: string, poll: boolean) {
  return useQuery({
    queryKey: ['executions', 'one', id],
    queryFn: ({ signal }) => api.get<Execution>(`executions/${id}`, { fields: 'summary' }, signal),
    refetchInterval: poll ? kPollMs : false,
  })
}

// The runbook as it was in the execution's version: what the blocks say. It never changes.
export function useVersion(runbook: string | undefined, version: string | undefined) {
  return useQuery({
    queryKey: ['versions', version],
    queryFn: ({ signal }) => api.get<Runbook>(`runbooks/${runbook}/versions/${version}`, undefined, signal),
    enabled: runbook !== undefined && version !== undefined,
    staleTime: Infinity,
  })
}

export async function fetchAllHosts(execution: string, step: string) {
  const items: StepHostPage['items'] = []
  let cursor: string | undefined
  do {
    const page: StepHostPage = await api.get(`executions/${execution}/steps/${step}/hosts`, {
      limit: kHostPage,
      cursor,
    })
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor)
  return items
}

export type ControlAction = 'pause' | 'resume' | 'stop'

export function useControl(execution: string) {
  return useMutation({
    mutationFn: (action: ControlAction) => api.post<void>(`executions/${execution}/control`, { action }),
  })
}

interface StepAction {
  step: string
  action: 'approve' | 'reject' | 'skip' | 'retry'
  body: Record<string, string>
}

export function useStepAction(execution: string) {
  return useMutation({
    mutationFn: ({ step, action, body }: StepAction) =>
      api.post<void>(`executions/${execution}/steps/${step}/${action}`, body),
  })
}

export function useComplete(execution: string) {
  return useMutation({
    mutationFn: ({ step, note }: { step: string; note: string }) =>
      api.post<void>(`executions/${execution}/steps/${step}/complete`, note ? { note } : {}),
  })
}

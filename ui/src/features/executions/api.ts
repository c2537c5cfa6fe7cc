// Executions: lists, one, its hosts, and what can be asked of it.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useMemo } from 'react'

import { api, toApiError } from '@/lib/api-client'
import { useTopic } from '@/lib/live'
import type { ExecutionChange } from '@/lib/live-events'
import type { Topic } from '@/lib/live-socket'
import type { ExecuteInput, Execution, ExecutionPage, StepHostPage } from '@/lib/model'
import { outputPath } from '@/lib/paths'

const kPage = 50
const kPollMs = 5_000
const kHostPage = 500
const kHostsStaleMs = 5_000

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

export function useAllHosts(execution: string, step: string, enabled: boolean) {
  return useQuery({
    queryKey: ['executions', 'hosts', step],
    queryFn: ({ signal }) => fetchAllHosts(execution, step, signal),
    enabled,
    staleTime: kHostsStaleMs,
  })
}

export async function fetchAllHosts(execution: string, step: string, signal?: AbortSignal) {
  const items: StepHostPage['items'] = []
  let cursor: string | undefined
  do {
    const page: StepHostPage = await api.get(
      `executions/${execution}/steps/${step}/hosts`,
      { limit: kHostPage, cursor },
      signal,
    )
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor)
  return items
}

export type ControlAction = 'pause' | 'resume' | 'stop'

export function useControl(execution: string) {
  return useMutation({
    networkMode: 'always',
    mutationFn: (action: ControlAction) => api.post<void>(`executions/${execution}/control`, { action }),
  })
}

interface AgainRequest {
  input: ExecuteInput
  key: string // the same request sent again must not start a second execution
}

export function useRunAgain(runbook: string) {
  return useMutation({
    networkMode: 'always',
    mutationFn: ({ input, key }: AgainRequest) =>
      api.post<{ id: string; status: string }>(`runbooks/${runbook}/execute`, input, {
        'Idempotency-Key': key,
      }),
  })
}

export type ProblemAnswer = 'stop' | 'skip'

interface ReportedProblem {
  step: string
  what: string
  answer: ProblemAnswer
}

// A stop carries no words: they are kept as the reason of the step that is left out. Paused first, so that no
// step begins between the two.
export function useReportProblem(execution: string) {
  return useMutation({
    networkMode: 'always',
    mutationFn: async ({ step, what, answer }: ReportedProblem) => {
      const control = (action: ControlAction) => api.post<void>(`executions/${execution}/control`, { action })
      if (answer === 'stop') await control('pause').catch(alreadyPaused)
      await api.post<void>(`executions/${execution}/steps/${step}/skip`, { reason: `Problem: ${what}` })
      if (answer === 'stop') await control('stop')
    },
  })
}

function alreadyPaused(error: unknown): void {
  if (toApiError(error).status !== 409) throw error
}

const kAnswerBytes = 64 * 1024

// The first part of what a request was answered, as it came.
export function useAnswerText(execution: string, step: string, bytes: number) {
  return useQuery({
    queryKey: ['executions', 'answer', step, bytes],
    queryFn: async ({ signal }) => {
      const response = await fetch(`${outputPath(execution, step)}?limit=${kAnswerBytes}`, { signal })
      if (!response.ok) throw new Error(`The controller answered ${response.status}.`)
      return { text: await response.text(), cut: bytes > kAnswerBytes }
    },
    enabled: bytes > 0,
    staleTime: Infinity,
  })
}

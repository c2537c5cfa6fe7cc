// One execution: its hosts, and what can be asked of it.
import { useMutation, useQuery } from '@tanstack/react-query'

import { api, toApiError } from '@/lib/api-client'
import type { ExecuteInput, Execution, StepHostPage } from '@/lib/model'
import { outputPath } from '@/lib/paths'

const kPollMs = 5_000
const kHostPage = 500

export function useExecution(id: string, poll: boolean) {
  return useQuery({
    queryKey: ['executions', 'one', id],
    queryFn: ({ signal }) => api.get<Execution>(`executions/${id}`, { fields: 'summary' }, signal),
    refetchInterval: poll ? kPollMs : false,
  })
}

// Asked for again and again until it is no longer `enabled`: until nothing is missing. `since`: what was read
// before that snapshot is too old.
export function useAllHosts(execution: string, step: string, since: number, enabled: boolean) {
  return useQuery({
    queryKey: ['executions', 'hosts', step, since],
    queryFn: ({ signal }) => fetchAllHosts(execution, step, signal),
    enabled,
    staleTime: 0,
    refetchInterval: kPollMs,
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
    mutationFn: (action: ControlAction) => api.post<void>(`executions/${execution}/control`, { action }),
  })
}

interface AgainRequest {
  input: ExecuteInput
  key: string // the same request sent again must not start a second execution
}

export function useRunAgain(runbook: string) {
  return useMutation({
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

// With the last output of each step, for the record.
export function useFullExecution(id: string) {
  return useQuery({
    queryKey: ['executions', 'full', id],
    queryFn: ({ signal }) => api.get<Execution>(`executions/${id}`, undefined, signal),
  })
}

// What the home page asks: executions in a few states, and whether there is anything at all yet.
import { keepPreviousData, useQuery } from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import type { ExecutionPage, RunbookPage } from '@/lib/model'

const kRows = 20
const kDayMs = 24 * 60 * 60 * 1000
// Hosts of a run change without an event of the execution itself.
const kRunningRefreshMs = 5_000
const kDayRefreshMs = 60_000

export const homeKey = ['executions', 'home']

export function useRunningNow() {
  return useQuery({
    queryKey: [...homeKey, 'running'],
    queryFn: ({ signal }) =>
      api.get<ExecutionPage>('executions', { status: 'pending,running', limit: kRows }, signal),
    refetchInterval: (query) => (query.state.data?.items.length ? kRunningRefreshMs : false),
    placeholderData: keepPreviousData,
  })
}

export function useWaitingForPeople() {
  return useQuery({
    queryKey: [...homeKey, 'waiting'],
    queryFn: ({ signal }) =>
      api.get<ExecutionPage>('executions', { status: 'awaiting_input,paused', limit: kRows }, signal),
  })
}

export function useFailedToday() {
  return useQuery({
    queryKey: [...homeKey, 'failed'],
    queryFn: ({ signal }) => {
      const since = new Date(Date.now() - kDayMs).toISOString()
      return api.get<ExecutionPage>('executions', { status: 'failed', since, limit: kRows }, signal)
    },
    refetchInterval: kDayRefreshMs,
  })
}

export function useAnyExecution() {
  return useQuery({
    queryKey: [...homeKey, 'any'],
    queryFn: ({ signal }) => api.get<ExecutionPage>('executions', { limit: 1 }, signal),
    select: (page) => page.items.length > 0,
  })
}

export function useFirstRunbooks() {
  return useQuery({
    queryKey: ['runbooks', 'list', 'first'],
    queryFn: ({ signal }) => api.get<RunbookPage>('runbooks', { limit: 5 }, signal),
  })
}

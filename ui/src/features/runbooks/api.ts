// Runbooks: lists, one runbook, and starting an execution of it.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import type { ExecuteInput, Runbook, RunbookPage } from '@/lib/model'

const kPage = 100

export function useRunbooks(title: string) {
  return useInfiniteQuery({
    queryKey: ['runbooks', 'list', title],
    queryFn: ({ pageParam, signal }) =>
      api.get<RunbookPage>(
        'runbooks',
        { limit: kPage, title: title || undefined, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}

export function useRunbook(id: string | undefined) {
  return useQuery({
    queryKey: ['runbooks', 'one', id],
    queryFn: ({ signal }) => api.get<Runbook>(`runbooks/${id}`, undefined, signal),
    enabled: id !== undefined,
  })
}

export interface StartRequest {
  runbook: string
  input: ExecuteInput
  idempotencyKey: string
}

export function useStart() {
  return useMutation({
    mutationFn: ({ runbook, input, idempotencyKey }: StartRequest) =>
      api.post<{ id: string; status: string }>(`runbooks/${runbook}/execute`, input, {
        'Idempotency-Key': idempotencyKey,
      }),
  })
}

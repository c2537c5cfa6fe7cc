// Keys and the controller's health.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, toApiError } from '@/lib/api-client'
import type { Grant } from '@/lib/grants'
import type { ApiKeyPage, Health, NewApiKey } from '@/lib/model'

const kPage = 100
const kHealthMs = 10_000

export const keysKey = ['api-keys']

export function useKeys() {
  return useInfiniteQuery({
    queryKey: keysKey,
    queryFn: ({ pageParam, signal }) =>
      api.get<ApiKeyPage>('api-keys', { limit: kPage, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
}

export interface NewKeyInput {
  name: string
  owner?: string
  roles: Grant[]
  expires_at: string | null
}

export function useMakeKey() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: NewKeyInput) => api.post<NewApiKey>('api-keys', input),
    onSuccess: () => refresh(queries),
  })
}

export function useRevokeKey() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.delete<void>(`api-keys/${id}`),
    onSuccess: () => refresh(queries),
  })
}

// The people who hold a role change with the keys.
async function refresh(queries: ReturnType<typeof useQueryClient>): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: keysKey }),
    queries.invalidateQueries({ queryKey: ['roles'] }),
  ])
}

export interface Probe {
  good: boolean
  text: string
}

// A probe that fails is an answer too.
export function useProbe(path: 'healthz' | 'readyz') {
  return useQuery({
    queryKey: ['probe', path],
    queryFn: async ({ signal }): Promise<Probe> => {
      try {
        const { status } = await api.get<Health>(path, undefined, signal)
        return { good: true, text: status }
      } catch (error) {
        return { good: false, text: toApiError(error).message }
      }
    },
    refetchInterval: kHealthMs,
  })
}

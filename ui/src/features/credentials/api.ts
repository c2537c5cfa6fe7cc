// Credentials by name. Secrets go to the controller and never come back.
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import type { Credential, CredentialPage } from '@/lib/model'

const kPage = 200

const credentialsKey = ['credentials']

export function useCredentials() {
  return useInfiniteQuery({
    queryKey: credentialsKey,
    queryFn: ({ pageParam, signal }) =>
      api.get<CredentialPage>('credentials', { limit: kPage, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
}

export interface NewCredential {
  name: string
  type: Credential['type']
  secret: string
}

function useRefreshing<T, V>(mutationFn: (input: V) => Promise<T>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn,
    gcTime: 0, // the secret is not kept
    onSuccess: () => queries.invalidateQueries({ queryKey: credentialsKey }),
  })
}

export const useMakeCredential = () =>
  useRefreshing((input: NewCredential) => api.post<Credential>('credentials', input))

export const useReplaceSecret = (id: string) =>
  useRefreshing((secret: string) => api.put<Credential>(`credentials/${id}`, { secret }))

// `although`: runbooks use it, and the person knows.
export const useDeleteCredential = (id: string) =>
  useRefreshing((although: boolean) => api.delete<void>(`credentials/${id}${although ? '?force=true' : ''}`))

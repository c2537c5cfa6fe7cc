// Who is signed in. Asked once after a page load; signing in and out go through here too.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import { live } from '@/lib/live'
import type { Me } from '@/lib/model'
import { rememberCsrfToken } from '@/lib/session'

export const meKey = ['me']

async function fetchMe(): Promise<Me> {
  const me = await api.get<Me>('me')
  rememberCsrfToken(me.csrf_token)
  return me
}

export function useMe() {
  return useQuery({ queryKey: meKey, queryFn: fetchMe, staleTime: Infinity })
}

export type Credentials = { key: string } | { token: string }

export function useSignIn() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (credentials: Credentials) => {
      const answer = await api.post<{ csrf_token: string }>('session', credentials)
      rememberCsrfToken(answer.csrf_token)
      return fetchMe()
    },
    onSuccess: (me) => queries.setQueryData(meKey, me),
  })
}

export function useSignOut() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.delete<void>('session'),
    onSuccess: () => {
      rememberCsrfToken(undefined)
      live.stop()
      queries.clear()
    },
  })
}

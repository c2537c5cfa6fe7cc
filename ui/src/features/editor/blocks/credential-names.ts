// The names of credentials; their secrets never leave the controller.
import { useQuery } from '@tanstack/react-query'

import { api } from '@/lib/api-client'

interface CredentialName {
  name: string
  type: string
}

export function useCredentialNames() {
  return useQuery({
    queryKey: ['credentials', 'names'],
    queryFn: ({ signal }) => api.get<{ items: CredentialName[] }>('credentials', { limit: 500 }, signal),
    select: (page) => page.items,
    retry: false,
  })
}

// The roles, what each allows and who has it, as the controller says.
import { useQuery } from '@tanstack/react-query'

import type { components } from '@/lib/api-types'
import { api } from '@/lib/api-client'

export type RoleList = components['schemas']['RoleList']
export type RoleRight = RoleList['items'][number]['rights'][number]

const kStaleMs = 60_000

export function useRoles() {
  return useQuery({
    queryKey: ['roles'],
    queryFn: ({ signal }) => api.get<RoleList>('roles', undefined, signal),
    staleTime: kStaleMs,
  })
}

// Names of those who have the right now, in order, each once.
export function peopleWith(roles: RoleList | undefined, right: RoleRight): string[] {
  const all = (roles?.items ?? [])
    .filter((role) => role.rights.includes(right))
    .flatMap((role) => role.people)
  return [...new Set(all)].sort((a, b) => a.localeCompare(b))
}

// What pickers ask about the fleet: its labels, its size, hosts by a part of their name.
import { keepPreviousData, useQuery } from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import type { AgentMatches, AgentPage, LabelPage } from '@/lib/model'
import { agentsKey, useAgents } from '@/modules/fleet/api'

const kOffered = 12
// Nobody has this key: what lacks it is every host.
const kEveryHost = { selector: '!runbook-studio.invalid/nobody' }

export function useFleetLabels() {
  return useQuery({
    queryKey: [...agentsKey, 'labels'],
    queryFn: ({ signal }) => api.get<LabelPage>('labels', undefined, signal),
    select: (page) => page.items,
  })
}

// Hosts that are not revoked. Small fleets are known from the list that every page has; of large ones the
// count is asked for.
export function useFleetSize(): number | undefined {
  const { data } = useAgents({ name: '', status: '' })
  const more = data?.pages.at(-1)?.next_cursor != null
  const every = useQuery({
    queryKey: [...agentsKey, 'match', kEveryHost],
    queryFn: ({ signal }) => api.post<AgentMatches>('agents/match', kEveryHost, undefined, signal),
    enabled: more,
  })
  if (!data) return undefined
  if (more) return every.data?.matched
  return data.pages.flatMap((page) => page.items).filter((agent) => agent.status !== 'revoked').length
}

export function useHostsNamed(part: string, enabled: boolean) {
  return useQuery({
    queryKey: [...agentsKey, 'named', part],
    queryFn: ({ signal }) =>
      api.get<AgentPage>('agents', { name: part || undefined, limit: kOffered }, signal),
    select: (page) => page.items.filter((agent) => agent.status !== 'revoked'),
    enabled,
    placeholderData: keepPreviousData,
  })
}

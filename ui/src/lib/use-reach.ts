// What an execution touches, as labels, for people whose roles are limited by them; others ask for nothing.
import { useQuery } from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import { type Grant, type Where, scopedRole } from '@/lib/grants'
import type { AgentMatches, Runbook } from '@/lib/model'
import { useMe } from '@/lib/use-me'

const kStaleMs = 30_000
const kNone: readonly string[] = []

function limitedBy(grants: readonly Grant[], what: 'runbooks' | 'hosts'): boolean {
  return grants.some((grant) => (scopedRole(grant)[what] ?? '').trim() !== '')
}

// Unknown labels are not judged: the controller does that.
export function useReach(runbook: string | undefined, agents: readonly string[] = kNone): Where {
  const grants = useMe().data?.roles ?? []
  const labels = useQuery({
    queryKey: ['runbooks', 'labels', runbook],
    queryFn: ({ signal }) => api.get<Runbook>(`runbooks/${runbook}`, undefined, signal),
    select: (answer) => answer.labels,
    enabled: runbook !== undefined && limitedBy(grants, 'runbooks'),
    staleTime: kStaleMs,
    retry: false,
  })
  const hosts = useQuery({
    queryKey: ['agents', 'labels of', agents],
    queryFn: ({ signal }) => api.post<AgentMatches>('agents/match', { hosts: agents }, undefined, signal),
    select: (answer) => answer.items.map((agent) => agent.labels),
    enabled: agents.length > 0 && limitedBy(grants, 'hosts'),
    staleTime: kStaleMs,
    retry: false,
  })
  return { runbook: labels.data, hosts: hosts.data }
}

// The runbook as it was in one version: what its blocks say. It never changes.
import { useQuery } from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import type { Runbook } from '@/lib/model'

export function useVersion(runbook: string | undefined, version: string | undefined) {
  return useQuery({
    queryKey: ['versions', version],
    queryFn: ({ signal }) => api.get<Runbook>(`runbooks/${runbook}/versions/${version}`, undefined, signal),
    enabled: runbook !== undefined && version !== undefined,
    staleTime: Infinity,
  })
}

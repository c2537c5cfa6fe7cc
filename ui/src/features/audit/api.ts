// The audit trail: pages, whether it is whole, and all that matches as JSON lines.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'

import { type AuditFilter, filterParams } from '@/features/audit/audit-filter'
import { api } from '@/lib/api-client'
import { saveText } from '@/lib/download'
import type { AuditPage, AuditVerification } from '@/lib/model'

const kPage = 200
const kVerifiedMs = 60_000

export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ['audit', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<AuditPage>('audit', { ...filterParams(filter), limit: kPage, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}

export function useVerification() {
  return useQuery({
    queryKey: ['audit', 'verify'],
    queryFn: ({ signal }) => api.get<AuditVerification>('audit/verify', undefined, signal),
    staleTime: kVerifiedMs,
  })
}

export function useExport() {
  return useMutation({
    mutationFn: async (filter: AuditFilter) => {
      const query = new URLSearchParams(filterParams(filter)).toString()
      const text = await api.text(query ? `audit?${query}` : 'audit', 'application/jsonl')
      saveText('audit.jsonl', text, 'application/jsonl')
    },
  })
}

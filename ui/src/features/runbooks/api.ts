// Runbooks: lists, one runbook, its versions, and what can be asked of them.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import type { components } from '@/lib/api-types'
import type { ExecuteInput, ExecutionPage, Runbook, RunbookPage } from '@/lib/model'

type Schemas = components['schemas']
export type DryRun = Schemas['DryRun']
export type RunbookItem = Schemas['RunbookItem']
export type Version = Schemas['Version']
type VersionPage = Schemas['VersionPage']

const kPage = 100
const kVersionPage = 200
const kRunPage = 500
export const kYaml = 'application/yaml'

export const runbooksKey = ['runbooks']

export interface RunbookFilter {
  q: string
  selector: string
  owner: string
  last: string
}

export const kNoFilter: RunbookFilter = { q: '', selector: '', owner: '', last: '' }

export function useRunbooks(filter: RunbookFilter) {
  return useInfiniteQuery({
    queryKey: [...runbooksKey, 'list', filter],
    queryFn: ({ pageParam, signal }) => {
      const params = {
        limit: kPage,
        q: filter.q || undefined,
        selector: filter.selector || undefined,
        created_by: filter.owner || undefined,
        last_status: filter.last || undefined,
        cursor: pageParam,
      }
      return api.get<RunbookPage>('runbooks', params, signal)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}

export function useRunbook(id: string | undefined) {
  return useQuery({
    queryKey: [...runbooksKey, 'one', id],
    queryFn: ({ signal }) => api.get<Runbook>(`runbooks/${id}`, undefined, signal),
    enabled: id !== undefined,
  })
}

// The text of a runbook as it was written, with its comments.
export function fetchYaml(id: string): Promise<string> {
  return api.text(`runbooks/${id}`, kYaml)
}

export function useVersions(id: string | undefined) {
  return useInfiniteQuery({
    queryKey: [...runbooksKey, 'versions', id],
    queryFn: ({ pageParam, signal }) =>
      api.get<VersionPage>(`runbooks/${id}/versions`, { limit: kVersionPage, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: id !== undefined,
  })
}

export function useVersionYaml(runbook: string, version: string | undefined, enabled: boolean) {
  return useQuery({
    queryKey: ['versions', version, 'yaml'],
    queryFn: ({ signal }) => api.text(`runbooks/${runbook}/versions/${version}`, kYaml, signal),
    enabled: enabled && version !== undefined,
    staleTime: Infinity,
  })
}

export const runsKey = ['executions', 'of-runbook']

// The newest executions of a runbook, of all its versions.
export function useRunsOf(runbook: string | undefined, limit = kRunPage) {
  return useQuery({
    queryKey: [...runsKey, runbook, limit],
    queryFn: ({ signal }) => api.get<ExecutionPage>('executions', { runbook_id: runbook, limit }, signal),
    enabled: runbook !== undefined,
    placeholderData: keepPreviousData,
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

export function useDryRun(runbook: string) {
  return useMutation({
    mutationFn: (input: ExecuteInput) =>
      api.post<DryRun>(`runbooks/${runbook}/execute`, { ...input, dry_run: true }),
  })
}

const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })

export interface Rollback {
  to: Version
  current: number // the version number the person saw as the newest
  message: string
}

export function useRollback(runbook: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ to, current, message }: Rollback) =>
      api.post<Runbook>(`runbooks/${runbook}/versions/${to.id}/rollback`, { message }, ifMatch(current)),
    onSettled: () => void queries.invalidateQueries({ queryKey: runbooksKey }),
  })
}

export function useDelete() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, version }: { id: string; version: number }) =>
      api.delete<void>(`runbooks/${id}`, ifMatch(version)),
    onSuccess: () => void queries.invalidateQueries({ queryKey: [...runbooksKey, 'list'] }),
  })
}

// The list of executions: pages, rows that change in place, and new ones that wait to be shown.
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'

import { type Filter, listQuery } from '@/features/executions/executions-filter'
import { api } from '@/lib/api-client'
import { useTopic } from '@/lib/live'
import type { Topic } from '@/lib/live-socket'
import { type ExecutionPage, type ExecutionSummary, type RunbookPage, hasEnded } from '@/lib/model'

const kPage = 50
const kExportPage = 500
const kMostExported = 10_000
const kLookMs = 1_000
const kProgressMs = 3_000

type Pages = { pages: ExecutionPage[]; pageParams: unknown[] }
type Query = Record<string, string | undefined>

const listKey = (query: Query) => ['executions', 'list', query]

export function useExecutions(filter: Filter) {
  const query = listQuery(filter)
  return useInfiniteQuery({
    queryKey: listKey(query),
    queryFn: ({ pageParam, signal }) => readPage({ ...query, cursor: pageParam }, kPage, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}

function readPage(query: Query, limit: number, signal?: AbortSignal): Promise<ExecutionPage> {
  return api.get<ExecutionPage>('executions', { ...query, limit }, signal)
}

// Everything that matches, newest first, as far as a file should go.
export async function readAll(filter: Filter): Promise<{ items: ExecutionSummary[]; cut: boolean }> {
  const query = listQuery(filter)
  const items: ExecutionSummary[] = []
  let cursor: string | undefined
  do {
    const page = await readPage({ ...query, cursor }, kExportPage)
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor && items.length < kMostExported)
  return { items, cut: cursor !== undefined }
}

export function useRunbookNames() {
  return useQuery({
    queryKey: ['runbooks', 'names'],
    queryFn: ({ signal }) => api.get<RunbookPage>('runbooks', { limit: 500 }, signal),
    staleTime: 60_000,
  })
}

// Rows change in place; those that are not in the list yet are only counted, so that nothing moves.
export function useListChanges(filter: Filter) {
  const query = useMemo(() => listQuery(filter), [filter])
  const queries = useQueryClient()
  const [fresh, setFresh] = useState({ of: query, ids: [] as string[] })
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [query])
  const topic = useMemo<Topic>(() => {
    const look = async () => {
      timer.current = undefined
      const page = await readPage(query, kPage).catch(() => undefined)
      const known = queries.getQueryData<Pages>(listKey(query))
      if (!page || !known) return
      setFresh({ of: query, ids: newIds(known, page.items) })
      queries.setQueryData<Pages>(listKey(query), (old) => old && patched(old, page.items))
    }
    return {
      subscribe: () => ({ sub: { executions: true } }),
      unsubscribe: () => ({ unsub: { executions: true } }),
      onEvent: (event) => {
        if (event.event !== 'execution') return
        queries.setQueryData<Pages>(listKey(query), (old) => old && patched(old, [event.data]))
        timer.current ??= setTimeout(() => void look(), kLookMs)
      },
    }
  }, [queries, query])
  useTopic(topic)
  useProgress(query)
  return { count: fresh.of === query ? fresh.ids.length : 0, clear: () => setFresh({ of: query, ids: [] }) }
}

// How far the runs under way are: nothing tells, so one request asks for all of them.
function useProgress(query: Query): void {
  const queries = useQueryClient()
  const running = useQuery({
    queryKey: ['executions', 'under way', query],
    queryFn: async ({ signal }) => {
      const old = queries.getQueryData<Pages>(listKey(query))
      const open = old?.pages.some((page) => page.items.some((item) => !hasEnded(item.status))) ?? false
      if (!open) return []
      const status = 'running,awaiting_approval,awaiting_input,paused,pending'
      return (await readPage({ ...query, status }, kExportPage, signal)).items
    },
    refetchInterval: kProgressMs,
  })
  useEffect(() => {
    if (running.data?.length)
      queries.setQueryData<Pages>(listKey(query), (old) => old && patched(old, running.data))
  }, [running.data, queries, query])
}

type Change = Partial<ExecutionSummary> & { id: string }

export function patched(old: Pages, changes: readonly Change[]): Pages {
  const byId = new Map(changes.map((change) => [change.id, change]))
  const pages = old.pages.map((page) => {
    if (!page.items.some((item) => byId.has(item.id))) return page
    return { ...page, items: page.items.map((item) => ({ ...item, ...byId.get(item.id) })) }
  })
  return { ...old, pages }
}

// Of the first page as it is now: what stands above the newest row that is shown.
export function newIds(known: Pages, now: readonly ExecutionSummary[]): string[] {
  const shown = new Set(known.pages.flatMap((page) => page.items.map((item) => item.id)))
  const first = now.findIndex((item) => shown.has(item.id))
  return (first < 0 ? now : now.slice(0, first)).map((item) => item.id)
}

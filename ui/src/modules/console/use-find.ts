// Find: what is typed, the hits, and stepping among them.
import { useEffect, useMemo, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'

import { useSettled } from '@/lib/use-settled'
import type { ConsoleView } from '@/modules/console/console-view'
import { type FindQuery, hitPattern, isEmpty, kNoQuery } from '@/modules/console/find-query'
import { useHits } from '@/modules/console/use-hits'
import type { LogStore } from '@/modules/console/log-store'
import type { OutputSource } from '@/modules/console/output-source'

const kPauseMs = 200

type Show = (ordinal: number, row: number) => void
type Step = [view: ConsoleView | undefined, by: 1 | 0 | -1, show: Show, from?: number]

export function useFind(store: LogStore, source: OutputSource, first: string) {
  const [query, setQuery] = useState<FindQuery>({ ...kNoQuery, text: first })
  const settled = useSettled(query, kPauseMs)
  const { hits, version } = useHits(store, source, settled)
  const [place, setPlace] = useState({ hits, at: -1 })
  const [busy, setBusy] = useState(false)
  const at = place.hits === hits ? place.at : -1
  const pattern = useMemo(() => hitPattern(settled), [settled])

  // Enter may come before the hits of what was typed: it is done when they are there.
  const waiting = useRef<Step | undefined>(undefined)
  const ready = JSON.stringify(query) === JSON.stringify(settled) && hits?.total !== undefined

  // To the next hit, the one before, or (0) the one with the ordinal `from`.
  const step = async (...asked: Step) => {
    const [view, by, show, from] = asked
    waiting.current = ready || isEmpty(query) ? undefined : asked
    if (!hits || !view || !ready) return
    setBusy(true)
    try {
      const begin = at >= 0 && by !== 0 ? at + by : (from ?? (await hits.ordinalFrom(view.firstInSight)))
      const total = hits.total ?? 0
      if (total === 0) return
      const ordinal = (begin - (at < 0 && by < 0 ? 1 : 0) + total) % total
      const hit = await hits.at(ordinal)
      const row = hit && (await store.find(hit.stream, hit.number, hit.position))
      if (row === undefined || row < 0) return
      setPlace({ hits, at: ordinal })
      show(ordinal, row)
    } catch {
      // Given up, or the connection failed: pressing again tries again.
    } finally {
      setBusy(false)
    }
  }
  useEffect(() => {
    if (ready && waiting.current) void step(...waiting.current)
  })
  const change = (changes: Partial<FindQuery>) => setQuery((old) => ({ ...old, ...changes }))
  return { query, settled, change, hits, version, pattern, at, busy, step }
}

// Marks hits in the rows in sight.
export function useMarks(view: ConsoleView | undefined, store: LogStore, pattern: RegExp | undefined) {
  useEffect(() => view?.mark(pattern), [view, store, pattern])
}

// Keeps what is looked for in the address.
export function useFindAddress({ text }: FindQuery) {
  const { search, hash } = useLocation()
  const navigate = useNavigate()
  useEffect(() => {
    const next = new URLSearchParams(search)
    if ((next.get('q') ?? '') === text) return
    if (text) next.set('q', text)
    else next.delete('q')
    void navigate({ search: next.toString(), hash }, { replace: true })
    // Only what was typed changes the address; the address changes what is typed when the page opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text])
}

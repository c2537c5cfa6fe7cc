// The parts of a console put together: store, rows on screen, find, chosen lines, and what can be done.
import { useMemo, useRef, useState } from 'react'
import { useLocation } from 'react-router'

import { usePreferences } from '@/lib/preferences'
import type { ConsoleProps } from '@/modules/console/console-props'
import { FilteredRows } from '@/modules/console/filtered-rows'
import { parseLineLink } from '@/modules/console/line-link'
import { type ConsoleActions, useConsoleKeys } from '@/modules/console/use-console-keys'
import { useDrawing } from '@/modules/console/use-drawing'
import { useFind, useFindAddress, useMarks } from '@/modules/console/use-find'
import { useCopy, useLineLinks } from '@/modules/console/use-lines'
import { useLog, usePhase } from '@/modules/console/use-log'

export function useConsole(props: ConsoleProps) {
  const { store, source } = useLog(props)
  const phase = usePhase(store)
  const { hash, search } = useLocation()
  const [whole, setWhole] = useState(false)
  const [plain, setPlain] = useState(false)
  const [onlyHits, setOnlyHits] = useState(false)
  const { consoleWrap: wrap, consoleInTheme: inTheme, set } = usePreferences()
  const input = useRef<HTMLInputElement>(null)

  const find = useFind(store, source, new URLSearchParams(search).get('q') ?? '')
  useFindAddress(find.settled)
  const filtered = useMemo(
    () => (onlyHits && find.hits ? new FilteredRows(store, find.hits) : undefined),
    [onlyHits, store, find.hits],
  )
  const follow = parseLineLink(hash) === undefined
  const { scroller, view, following, chosen: rows } = useDrawing(store, { rows: filtered, wrap, follow })
  const chosen = filtered ? undefined : rows
  useMarks(view, store, find.pattern)
  const notice = useLineLinks(store, view, phase, chosen)
  const copy = useCopy(store, view, chosen, props.step)

  const toHit = (by: 1 | -1) =>
    void find.step(
      view,
      by,
      (ordinal, row) => view?.goTo(filtered ? ordinal : row),
      filtered && view?.firstInSight,
    )
  const showOnlyHits = (on: boolean) => {
    setOnlyHits(on)
    if (filtered) void find.step(view, 0, (_, row) => view?.goTo(row), view?.firstInSight)
  }
  const actions: ConsoleActions = {
    find: () => input.current?.focus(),
    follow: () => view?.setFollow(true),
    toggleFollow: () => view?.setFollow(!following),
    toStart: () => view?.toStart(),
    toggleWrap: () => set({ consoleWrap: !wrap }),
    toggleWhole: () => setWhole(!whole),
    togglePlain: () => setPlain(!plain),
    leaveWhole: whole ? () => setWhole(false) : undefined,
    toHit,
    errors: (by) => {
      if (find.settled.errors) toHit(by)
      else find.change({ errors: true, text: '' })
    },
    copyText: () => void copy.copyRange(chosen ?? copy.all()),
    copyLink: () => void copy.copyLink(),
    selectAll: copy.selectAll,
  }
  const onKeyDown = useConsoleKeys(actions, input)
  const shown = { whole, plain, wrap, inTheme, following, chosen, note: copy.note || notice }
  const log = { onKeyDown, onCopy: copy.onCopy, onPointerDown: copy.forget }
  return { store, phase, find, input, view, filtered, onlyHits, showOnlyHits, actions, shown, scroller, log }
}

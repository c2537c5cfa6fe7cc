// Keeps a ConsoleView on an element, showing the rows of a store.
import { useEffect, useRef, useState } from 'react'

import { ConsoleView, type Rows } from '@/modules/console/console-view'
import type { LineRow } from '@/modules/console/log-row'
import type { LogStore } from '@/modules/console/log-store'
import type { RowRange } from '@/modules/console/row-choice'

const kMaxExpandedBytes = 8_000_000

interface Options {
  rows: Rows | undefined // other rows than all of the store
  wrap: boolean
  follow: boolean // from the start
}

export function useDrawing(store: LogStore, { rows, wrap, follow }: Options) {
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<ConsoleView | undefined>(undefined)
  const [following, setFollowing] = useState(follow)
  const [chosen, setChosen] = useState<RowRange | undefined>(undefined)
  const latest = useRef({ store, follow })
  const shown = useRef<LogStore | undefined>(undefined) // was shown from its end once
  useEffect(() => {
    latest.current = { store, follow }
  })

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const created = new ConsoleView(element, {
      onFollow: setFollowing,
      onChoose: setChosen,
      onExpand: (line: LineRow) =>
        void latest.current.store.expand(line, kMaxExpandedBytes).catch(() => undefined),
    })
    setView(created)
    return () => created.destroy()
  }, [])

  useEffect(() => {
    if (!view) return
    const follow = shown.current === store ? false : latest.current.follow
    shown.current = store
    view.show(rows ?? store, { host: store.view.agent === undefined }, follow)
    store.onMoved((by) => view.moved(by))
    return store.listen(view.refresh)
  }, [view, store, rows])
  useEffect(() => view?.setWrap(wrap), [view, wrap])
  return { scroller, view, following, chosen }
}

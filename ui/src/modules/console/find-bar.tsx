// Find in the output: the box, "3 / 41", and stepping among the hits.
import { ChevronDown, ChevronUp, Search } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'

import { cx } from '@/components/class-names'
import { IconButton } from '@/components/icon-button'
import { count } from '@/lib/format'
import { useHotkeys } from '@/lib/hotkeys'
import { useSettled } from '@/lib/use-settled'
import type { ConsoleView } from '@/modules/console/console-view'
import { findRows, hitFrom } from '@/modules/console/find'
import type { LogStore, LogView } from '@/modules/console/log-store'

const kPauseMs = 150
const kMoreMs = 500

interface Hits {
  rows: number[]
  at: number // -1: not gone to any yet
  busy: boolean
}

const kNone: Hits = { rows: [], at: -1, busy: false }

// Rows of `view` that contain `text`, growing with the output.
function useHits(store: LogStore, view: LogView, text: string) {
  const [hits, setHits] = useState(kNone)
  useEffect(() => {
    const abort = new AbortController()
    let searched = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const search = async () => {
      const end = view.end
      const rows = await findRows(view, text, searched, abort.signal)
      timer = undefined
      if (abort.signal.aborted) return
      searched = end
      setHits((old) => ({ ...old, rows: old.rows.concat(rows.filter((row) => row < end)), busy: false }))
    }
    const begin = () => {
      setHits(text ? { ...kNone, busy: true } : kNone)
      if (text) void search()
    }
    timer = setTimeout(begin)
    const stop = store.listen(() => {
      if (text && timer === undefined) timer = setTimeout(() => void search(), kMoreMs)
    })
    return () => {
      abort.abort()
      clearTimeout(timer)
      stop()
    }
  }, [store, view, text])
  return [hits, setHits] as const
}

interface Props {
  store: LogStore
  view: LogView
  drawn: RefObject<ConsoleView | undefined>
  input: RefObject<HTMLInputElement | null>
}

export function FindBar({ store, view, drawn, input }: Props) {
  const [typed, setTyped] = useState('')
  const text = useSettled(typed, kPauseMs)
  const [hits, setHits] = useHits(store, view, text)
  const total = hits.rows.length

  useEffect(() => drawn.current?.mark(text), [drawn, text])

  const step = (by: number) => {
    if (total === 0) return
    const first = hitFrom(hits.rows, drawn.current?.firstInSight ?? 0)
    const at = hits.at < 0 ? (by > 0 ? first : (first + total - 1) % total) : (hits.at + by + total) % total
    setHits((old) => ({ ...old, at }))
    const row = hits.rows[at]
    if (row !== undefined) drawn.current?.goTo(row)
  }
  const latest = useRef(step)
  useEffect(() => {
    latest.current = step
  })
  useHotkeys({ n: () => latest.current(1), 'Shift N': () => latest.current(-1) })
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Enter') latest.current(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') setTyped('')
    else return
    event.preventDefault()
  }
  return (
    <div
      role="search"
      aria-label="Find in the output"
      className={cx(
        'flex items-center gap-1 rounded-md border border-line2 pl-2',
        'outline-accent has-[input:focus-visible]:outline-2 max-md:w-full',
      )}
    >
      <Search aria-hidden size={13} className="text-faint" />
      <input
        ref={input}
        aria-label="Find in the output"
        placeholder="Find"
        value={typed}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={pressed}
        className="h-6 w-32 min-w-0 bg-transparent focus-visible:outline-none max-md:h-11 max-md:flex-1"
      />
      <span role="status" className="tabular min-w-12 text-right text-mute">
        {text && (hits.busy ? 'counting…' : `${hits.at + 1} / ${count(total)}${store.complete ? '' : '+'}`)}
      </span>
      <IconButton name="Previous hit" disabled={total === 0} onClick={() => step(-1)}>
        <ChevronUp aria-hidden size={15} />
      </IconButton>
      <IconButton name="Next hit" disabled={total === 0} onClick={() => step(1)}>
        <ChevronDown aria-hidden size={15} />
      </IconButton>
    </div>
  )
}

// Chosen lines: their text, their link, and opening a link.
import { type ClipboardEvent, useEffect, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'

import { bytes, count } from '@/lib/format'
import type { ConsoleView } from '@/modules/console/console-view'
import type { LineRow } from '@/modules/console/log-row'
import type { LogStore } from '@/modules/console/log-store'
import { lineHash, parseLineLink } from '@/modules/console/line-link'
import { streamKey } from '@/modules/console/output-source'
import type { RowRange } from '@/modules/console/row-choice'
import { heldText, kMaxCopyBytes, readText, wholeRange } from '@/modules/console/selection'

export function lineAt(store: LogStore, row: number): LineRow | undefined {
  const found = row < store.rows ? store.row(row) : undefined
  return found?.kind === 'line' ? found : undefined
}

// The address of chosen lines. It names host and, by its sign, stream, for numbers are per host and stream.
function hashOf(store: LogStore, range: RowRange): { agent: string; hash: string } | undefined {
  const first = lineAt(store, range.from)
  if (!first) return undefined
  const last = lineAt(store, range.to)
  const to = last?.stream === first.stream ? last.number : first.number
  return {
    agent: first.stream.agent,
    hash: lineHash(first.stream.stream, first.number, to, store.view.stream),
  }
}

function isOwn(own: { store: LogStore; hash: string } | undefined, store: LogStore, hash: string): boolean {
  return own?.store === store && own.hash === hash
}

// Opens the line of the address, and keeps the address at the lines that are chosen.
export function useLineLinks(
  store: LogStore,
  view: ConsoleView | undefined,
  phase: LogStore['phase'],
  chosen: RowRange | undefined,
) {
  const { hash, search } = useLocation()
  const navigate = useNavigate()
  const [notice, setNotice] = useState('')
  const own = useRef<{ store: LogStore; hash: string } | undefined>(undefined)

  useEffect(() => {
    const link = parseLineLink(hash)
    if (!link || !view || phase !== 'ready' || isOwn(own.current, store, hash)) return
    own.current = { store, hash }
    const open = async () => {
      const agent = store.view.agent ?? store.onlyAgent
      if (agent === undefined) return setNotice('Choose a host: lines are numbered for each host')
      const key = streamKey(agent, link.stream ?? store.view.stream ?? 'stdout')
      const row = await store.find(key, link.from, undefined)
      const last = link.to > link.from ? await store.find(key, link.to, undefined) : row
      if (row < 0) return setNotice(`There is no line ${count(link.from)}`)
      view.goTo(row, false)
      view.choice.choose(row, last < row ? row : last)
    }
    open().catch(() => {
      own.current = undefined
    })
  }, [hash, view, store, phase])

  useEffect(() => {
    if (!chosen || store.view.agent === undefined) return
    const found = hashOf(store, chosen)
    if (!found || isOwn(own.current, store, found.hash)) return
    own.current = { store, hash: found.hash }
    void navigate({ search, hash: found.hash }, { replace: true })
  }, [chosen, store, navigate, search])
  return notice
}

export function useCopy(
  store: LogStore,
  view: ConsoleView | undefined,
  chosen: RowRange | undefined,
  step: string,
) {
  const [note, setNote] = useState('')
  const ready = useRef<string | undefined>(undefined)

  const copyRange = async (range: RowRange) => {
    if (store.bytes > kMaxCopyBytes && range.to - range.from + 1 >= store.lines)
      return setNote(`More than ${bytes(kMaxCopyBytes)}: use the download`)
    const held = heldText(store, range)
    if (held === undefined) setNote('Reading…')
    try {
      const text = held ?? (await readText(store, range, store.signal))
      if (text.length > kMaxCopyBytes) return setNote(`More than ${bytes(kMaxCopyBytes)}: use the download`)
      ready.current = text
      await navigator.clipboard.writeText(text)
      setNote('Copied')
    } catch {
      setNote(ready.current === undefined ? 'Could not be read' : 'Press Ctrl C to copy')
    }
  }
  const copyLink = async () => {
    const found = chosen && hashOf(store, chosen)
    if (!found) return setNote('Choose a line first')
    const url = new URL(window.location.href)
    if (found.agent) url.searchParams.set('host', found.agent)
    // The page may be following the run: a link stays at this step.
    url.searchParams.set('step', step)
    url.hash = found.hash
    await navigator.clipboard.writeText(url.href).then(
      () => setNote('Link copied'),
      () => setNote('The browser refused to copy'),
    )
  }
  const selectAll = () => {
    ready.current = undefined
    if (store.lines > 0) view?.choice.choose(0, store.lines - 1)
    setNote('Everything is selected')
  }
  // Of text that was selected in one line the browser takes care, but for the places where it is broken.
  const onCopy = (event: ClipboardEvent) => {
    const selected = window.getSelection()?.toString() ?? ''
    if (selected !== '') {
      event.clipboardData.setData('text/plain', selected.replaceAll('\n', ''))
      return event.preventDefault()
    }
    if (!chosen) return
    event.preventDefault()
    const text = ready.current ?? heldText(store, chosen)
    if (text === undefined || text.length > kMaxCopyBytes) return void copyRange(chosen)
    event.clipboardData.setData('text/plain', text)
    setNote('Copied')
  }
  const forget = () => {
    ready.current = undefined
    setNote('')
  }
  return { note, copyRange, copyLink, selectAll, onCopy, forget, all: () => wholeRange(store) }
}

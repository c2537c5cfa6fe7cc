// The output of a step: tabs for all hosts or one, follow or pause, download. Lines are drawn by ConsoleView.
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'

import { cx } from '@/components/class-names'
import { bytes } from '@/lib/format'
import { useHotkeys } from '@/lib/hotkeys'
import { ConsoleFoot } from '@/modules/console/console-foot'
import type { ConsoleProps } from '@/modules/console/console-props'
import { ConsoleToolbar } from '@/modules/console/console-toolbar'
import { ConsoleView } from '@/modules/console/console-view'
import { FindBar } from '@/modules/console/find-bar'
import type { LogStore, LogView } from '@/modules/console/log-store'
import { kMaxCopyLetters, wholeText } from '@/modules/console/selection'

export function Console(props: ConsoleProps) {
  const { store, host, stream } = props
  const agent = host?.agent
  const [whole, setWhole] = useState(false)
  const [following, setFollowing] = useState(true)
  const find = useRef<HTMLInputElement>(null)
  const log = store.view({ agent, stream })
  const all = useSelectAll(log)

  const { scroller, view } = useDrawing(log, store, agent, setFollowing)
  const follow = () => view.current?.setFollow(true)
  useHotkeys({
    'Shift G': follow,
    'Shift F': () => view.current?.setFollow(!following),
    'g g': () => view.current?.toStart(),
    '/': () => find.current?.focus(),
    z: () => setWhole(!whole),
    ...(whole && { Escape: () => setWhole(false) }),
  })

  return (
    <section
      aria-label="Output"
      className={cx(
        'console flex min-h-60 flex-1 flex-col overflow-hidden border border-line',
        whole ? 'fixed inset-0 z-30' : 'rounded-lg max-md:h-[65dvh] max-md:flex-none',
      )}
    >
      <ConsoleToolbar
        {...props}
        following={following}
        onFollow={follow}
        whole={whole}
        onWhole={() => setWhole(!whole)}
      >
        <FindBar store={store} view={log} drawn={view} input={find} />
      </ConsoleToolbar>
      {/* The log scrolls, so the keyboard must reach it; it is never announced, for it would never end. */}
      {/* eslint-disable jsx-a11y/no-noninteractive-tabindex */}
      {/* eslint-disable jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={host ? `Output of ${host.name}` : 'Output of all hosts'}
        onKeyDown={(event) => pressed(event, all.select, () => find.current?.focus())}
        onCopy={all.copy}
        onBlur={all.clear}
        onPointerDown={all.clear}
        className={cx('console-scroller min-h-0 flex-1', all.selected && 'console-selected')}
      />
      {/* eslint-enable jsx-a11y/no-noninteractive-tabindex */}
      {/* eslint-enable jsx-a11y/no-noninteractive-element-interactions */}
      <ConsoleFoot {...props} following={following} note={all.note} />
    </section>
  )
}

// Keeps a ConsoleView on the element `scroller`, showing `log`.
function useDrawing(
  log: LogView,
  store: LogStore,
  agent: string | undefined,
  onFollow: (following: boolean) => void,
) {
  const scroller = useRef<HTMLDivElement>(null)
  const view = useRef<ConsoleView | undefined>(undefined)
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const created = new ConsoleView(element, onFollow)
    view.current = created
    return () => created.destroy()
  }, [onFollow])

  useEffect(() => {
    view.current?.show(log, { host: agent === undefined, number: agent !== undefined })
    return store.listen(() => view.current?.refresh())
  }, [store, log, agent])
  return { scroller, view }
}

// Ctrl A takes the whole output, and the copy that follows reads it from the store.
function useSelectAll(log: LogView) {
  const [selected, setSelected] = useState(false)
  const [note, setNote] = useState('')
  const copy = (event: ClipboardEvent) => {
    if (!selected) return
    event.preventDefault()
    const text = wholeText(log)
    if (text === undefined) return setNote(`More than ${bytes(kMaxCopyLetters)}: use the download`)
    event.clipboardData.setData('text/plain', text)
    setNote('Copied')
  }
  const clear = () => {
    setSelected(false)
    setNote('')
  }
  const select = () => {
    setSelected(true)
    setNote('Everything is selected')
  }
  return { selected, note, copy, clear, select }
}

function pressed(event: KeyboardEvent, selectAll: () => void, find: () => void): void {
  if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
  if (event.key === 'a') selectAll()
  else if (event.key === 'f') find()
  else return
  event.preventDefault()
}

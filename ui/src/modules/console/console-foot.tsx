// Below the output: how much there is, and whether it is whole.
import { useRef, useSyncExternalStore } from 'react'

import { cx } from '@/components/class-names'
import { bytes, count, counted } from '@/lib/format'
import type { ConsoleProps } from '@/modules/console/console-props'
import type { LogStore } from '@/modules/console/log-store'

const kFootMs = 250

// Totals change with every frame; the foot shows them a few times a second.
function useTotals(store: LogStore): { lines: number; bytes: number; complete: boolean } {
  const shown = useRef({ lines: 0, bytes: 0, complete: true })
  const read = () => {
    const now = { lines: store.receivedLines, bytes: store.receivedBytes, complete: store.complete }
    const same = now.lines === shown.current.lines && now.bytes === shown.current.bytes
    if (!same || now.complete !== shown.current.complete) shown.current = now
    return shown.current
  }
  const subscribe = (listener: () => void) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = store.listen(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        listener()
      }, kFootMs)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }
  return useSyncExternalStore(subscribe, read)
}

interface Props extends ConsoleProps {
  following: boolean
  note: string // of the selection
}

export function ConsoleFoot({ store, state, streaming, following, expectedBytes, note }: Props) {
  const totals = useTotals(store)
  const behind = expectedBytes > totals.bytes
  return (
    <div
      className={cx(
        'tabular flex min-h-7 flex-wrap items-center gap-x-5',
        'border-t border-line bg-surface px-3 text-small text-mute',
      )}
    >
      <span>
        {counted(totals.lines, 'line')}, {bytes(totals.bytes)}
      </span>
      {!totals.complete && <span>Oldest lines left this page; the download has them</span>}
      {!following && <span>Paused at what you read</span>}
      <span role="status">{note}</span>
      <span className={cx('ml-auto inline-flex items-center gap-1.5', streaming && 'text-success')}>
        {streaming && <span aria-hidden className="size-1.5 rounded-full bg-success" />}
        {behind && !streaming
          ? `Loading, ${count(Math.floor((100 * totals.bytes) / expectedBytes))} %`
          : state}
      </span>
    </div>
  )
}

// Below the output: how much there is, how fast it comes, which line is chosen, and whether anything is
// missing.
import { useRef } from 'react'

import { cx } from '@/components/class-names'
import { bytes, count, counted } from '@/lib/format'
import type { ConsoleProps } from '@/modules/console/console-props'
import type { LogStore } from '@/modules/console/log-store'
import type { RowRange } from '@/modules/console/row-choice'
import { lineAt } from '@/modules/console/use-lines'
import { useSampled } from '@/modules/console/use-log'

const kRateMs = 2000

// Lines a second over the last two seconds.
class Rate {
  private samples: { at: number; lines: number }[] = []

  of(lines: number, now: number): number {
    this.samples = this.samples.filter(({ at }) => now - at <= kRateMs)
    this.samples.push({ at: now, lines })
    const [first] = this.samples
    if (!first || now - first.at < kRateMs / 4) return 0
    return Math.round((1000 * (lines - first.lines)) / (now - first.at))
  }
}

interface Props extends ConsoleProps {
  store: LogStore
  following: boolean
  chosen: RowRange | undefined
  note: string // of copying
}

export function ConsoleFoot({ store, host, state, streaming, following, chosen, note }: Props) {
  const rate = useRef({ store, rate: new Rate() })
  const totals = useSampled(store, () => {
    if (rate.current.store !== store) rate.current = { store, rate: new Rate() }
    const { lines, bytes: size, missing } = store
    return {
      lines,
      size,
      missing,
      rate: store.phase === 'ready' ? rate.current.rate.of(lines, Date.now()) : 0,
    }
  })
  const sound = totals.missing === 0
  return (
    <div
      className={cx(
        'tabular flex min-h-7 flex-wrap items-center gap-x-5',
        'border-t border-line bg-surface px-3 text-small text-mute',
      )}
    >
      <span>
        {counted(totals.lines, 'line')}, {bytes(totals.size)}
      </span>
      {streaming && totals.rate > 0 && <span>{count(totals.rate)} lines/s</span>}
      {chosen && <span>{chosenText(store, chosen, host === undefined)}</span>}
      {!following && !chosen && <span>Paused at what you read</span>}
      <span role="status">{note}</span>
      <span className={cx('ml-auto inline-flex items-center gap-1.5', streaming && sound && 'text-success')}>
        {streaming && sound && <span aria-hidden className="size-1.5 rounded-full bg-success" />}
        {sound ? state : 'Output is missing, asking again'}
      </span>
    </div>
  )
}

function chosenText(store: LogStore, { from, to }: RowRange, all: boolean): string {
  const first = lineAt(store, from)
  if (to > from) return `${counted(to - from + 1, 'line')} selected`
  if (!first) return '1 line selected'
  const whose = all ? ` of ${first.stream.host}` : ''
  const stream = store.view.stream === undefined && first.stream.stream === 'stderr' ? ' of stderr' : ''
  return `Line ${count(first.number)}${whose}${stream} selected`
}

// The text of chosen lines, as it is shown, from what is held or from the server.
import { plainText, shownText } from '@/modules/console/line-text'
import type { LogStore } from '@/modules/console/log-store'
import type { RowRange } from '@/modules/console/row-choice'

export const kMaxCopyBytes = 10_000_000
const kRowsAtOnce = 500
const kWhole = Number.MAX_SAFE_INTEGER

// Nothing when a part of it is not held.
export function heldText(store: LogStore, { from, to }: RowRange): string | undefined {
  const lines: string[] = []
  for (let at = from; at <= to && at < store.lines; at += 1) {
    const row = store.row(at, kWhole)
    if (row.kind !== 'line' || row.rest || row.cut) return undefined
    lines.push(plainText(shownText(row)), row.open ? '' : '\n')
  }
  return lines.join('')
}

export async function readText(
  store: LogStore,
  { from, to }: RowRange,
  signal: AbortSignal,
): Promise<string> {
  const parts: string[] = []
  for (let at = from; at <= to; at += kRowsAtOnce) {
    const last = Math.min(to, at + kRowsAtOnce - 1)
    await store.ensure(at, last, signal, kWhole)
    const part = heldText(store, { from: at, to: last })
    if (part === undefined) throw new Error('the output could not be read')
    parts.push(part)
  }
  return parts.join('')
}

export function wholeRange(store: LogStore): RowRange {
  return { from: 0, to: store.lines - 1 }
}

// Looks through the lines a view holds, in slices, so that a large output does not block the page.
import { parseAnsi } from '@/modules/console/ansi'
import { shownText } from '@/modules/console/line-text'
import type { LogView } from '@/modules/console/log-store'

const kRowsPerSlice = 20_000

// Rows in [from, view.end) that contain `text`, ignoring case. Empty when `signal` ended it.
export async function findRows(
  view: LogView,
  text: string,
  from: number,
  signal: AbortSignal,
): Promise<number[]> {
  const wanted = text.toLowerCase()
  const found: number[] = []
  for (let row = Math.max(from, view.first); row < view.end; row += 1) {
    const line = view.row(row)
    if (line && plainText(shownText(line)).toLowerCase().includes(wanted)) found.push(row)
    if (row % kRowsPerSlice === kRowsPerSlice - 1) {
      await new Promise((resolve) => setTimeout(resolve))
      if (signal.aborted) return []
    }
  }
  return found
}

export function plainText(text: string): string {
  return parseAnsi(text)
    .map((run) => run.text)
    .join('')
}

// The hit to go to from `row`: the next one at or after it, else the first.
export function hitFrom(rows: number[], row: number): number {
  const next = rows.findIndex((each) => each >= row)
  return next < 0 ? 0 : next
}

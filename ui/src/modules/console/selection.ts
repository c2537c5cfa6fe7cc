// "Select all" of the console means the whole output, not the rows that happen to be drawn; copying reads the
// store.
import { plainText } from '@/modules/console/find'
import { shownText } from '@/modules/console/line-text'
import type { LogView } from '@/modules/console/log-store'

export const kMaxCopyLetters = 10_000_000

// Nothing when it is too large to copy.
export function wholeText(view: LogView, limit = kMaxCopyLetters): string | undefined {
  const lines: string[] = []
  let letters = 0
  for (let number = view.first; number < view.end; number += 1) {
    const row = view.row(number)
    if (!row) continue
    const text = plainText(shownText(row))
    letters += text.length + 1
    if (letters > limit) return undefined
    lines.push(row.open ? text : `${text}\n`)
  }
  return lines.join('')
}

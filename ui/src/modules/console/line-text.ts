// A line's bytes as the text that is shown.
import { lastOverwrite } from '@/modules/console/ansi'
import type { LogRow } from '@/modules/console/log-store'

const decoder = new TextDecoder()

// A character that is cut at the end of an open line waits for its rest.
export function shownText(row: LogRow): string {
  const whole = row.open ? new TextDecoder().decode(row.bytes, { stream: true }) : decoder.decode(row.bytes)
  return lastOverwrite(whole)
}

// A line's bytes as the text that is shown, and how many columns a character takes.
import { type Run, type Style, lastOverwrite, parseAnsi } from '@/modules/console/ansi'
import type { LineRow } from '@/modules/console/log-row'

const kTabColumns = 8
const kWide = new RegExp(
  String.raw`[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f]|` +
    String.raw`[\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}`,
  'u',
)
const kNoWidth = /\p{Mn}|\p{Me}|\u200d|\ufe0f/u

// A character that is cut at the end of a line that goes on waits for its rest.
export function shownText({ bytes, open, cut }: LineRow): string {
  return lastOverwrite(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: open || cut }))
}

export function plainText(text: string): string {
  return parseAnsi(text)
    .map((run) => run.text)
    .join('')
}

export function columnsOf(character: string, column: number): number {
  if (character >= ' ' && character <= '~') return 1
  if (character === '\t') return kTabColumns - (column % kTabColumns)
  if (kNoWidth.test(character)) return 0
  return kWide.test(character) ? 2 : 1
}

export interface Part {
  text: string // ends with a newline where the line is broken
  style: Style | undefined
  hit: boolean
}

type Range = [from: number, to: number]

// The places `hit` matches; it must be global.
export function rangesOf(text: string, hit: RegExp | undefined): Range[] {
  if (!hit) return []
  const ranges: Range[] = []
  for (const match of text.matchAll(hit))
    if (match[0].length > 0) ranges.push([match.index, match.index + match[0].length])
  return ranges
}

// The runs of a line, broken where a hit begins or ends and after every `width` columns.
export function layOut(runs: Run[], ranges: Range[], width = Infinity): { parts: Part[]; rows: number } {
  const parts: Part[] = []
  let at = 0 // in the whole text
  let range = 0
  let column = 0
  let rows = 1
  for (const { text, style } of runs) {
    let from = 0
    while (from < text.length) {
      while (ranges[range] && (ranges[range]?.[1] ?? 0) <= at + from) range += 1
      const [begins, ends] = ranges[range] ?? [Infinity, Infinity]
      const hit = begins <= at + from
      const until = Math.min(text.length, (hit ? ends : begins) - at)
      const piece = text.slice(from, until)
      if (width === Infinity) parts.push({ text: piece, style, hit })
      else {
        const broken = breakLines(piece, column, width)
        parts.push({ text: broken.text, style, hit })
        column = broken.column
        rows += broken.breaks
      }
      from = until
    }
    at += text.length
  }
  return { parts, rows }
}

function breakLines(text: string, start: number, width: number) {
  let column = start
  let breaks = 0
  let broken = ''
  for (const character of text) {
    let columns = columnsOf(character, column)
    if (column + columns > width && column > 0) {
      broken += '\n'
      breaks += 1
      column = 0
      columns = columnsOf(character, 0)
    }
    broken += character
    column += columns
  }
  return { text: broken, column, breaks }
}

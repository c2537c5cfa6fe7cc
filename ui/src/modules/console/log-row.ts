// A row of the console: a line as far as it is shown, one that is still on its way, or a hole.
import type { LivePart } from '@/modules/console/live-part'
import type { OutputSource, StreamId } from '@/modules/console/output-source'
import type { LinePlace } from '@/modules/console/segment'

const kNewline = 10
const kPieceBytes = 256 * 1024

export interface LineRow {
  kind: 'line'
  stream: StreamId
  number: number // in its stream, from 1
  offset: number // of its first byte in its stream
  bytes: Uint8Array // without the newline, as far as they are shown
  length: number // of the line as far as it is known
  open: boolean // no newline yet: more may come
  cut: boolean // there are more bytes than `bytes`
  rest?: (signal?: AbortSignal) => Promise<void> // what is shown of it is not whole yet: fetches the rest
}

export type Row = LineRow | { kind: 'loading' } | { kind: 'gap'; host: string; bytes: number }

// What a line needs that does not end in the segment in which it begins.
export interface LongLines {
  wholeLine: (stream: StreamId, number: number) => Uint8Array | undefined
  fetchRest: (stream: StreamId, offset: number, limit: number, signal?: AbortSignal) => Promise<Uint8Array>
}

export function storedRow(place: LinePlace, live: LivePart, long: LongLines, limit: number): LineRow {
  const { run, start, number } = place
  const made = (bytes: Uint8Array, length: number, open: boolean): LineRow => ({
    kind: 'line',
    stream: run.stream,
    number,
    offset: run.offset + start,
    bytes: bytes.subarray(0, limit),
    length,
    open,
    cut: length > limit,
  })
  const whole = long.wholeLine(run.stream, number)
  if (whole) return { ...made(whole, whole.length, false), bytes: whole, cut: false }
  const newline = run.bytes.indexOf(kNewline, start)
  if (newline >= 0) return made(run.bytes.subarray(start, newline), newline - start, false)
  const first = run.bytes.subarray(start)
  const tail = run.tail ?? new Uint8Array()
  const end = tail.indexOf(kNewline)
  if (end >= 0) return made(joined(first, tail.subarray(0, end)), first.length + end, false)
  const next = run.offset + run.bytes.length + tail.length
  const stored = live.beginning(run.stream.key)
  const have = first.length + tail.length
  if (next >= stored.offset) {
    const head = stored.endsLine ? undefined : live.source(run.stream.key)?.head(limit)
    const bytes = joined(first, tail, head?.bytes ?? new Uint8Array())
    return made(bytes, have + (head?.length ?? 0), stored.endsLine ? false : (head?.open ?? true))
  }
  // Its end is not known: it is longer than what is here.
  const line = made(joined(first, tail), have + 1, false)
  if (have >= limit) return line
  const rest = async (signal?: AbortSignal) => {
    const most = Math.min(limit + 1 - have, stored.offset - next, kPieceBytes)
    const more = await long.fetchRest(run.stream, next, most, signal)
    run.tail = joined(tail, more)
  }
  return { ...line, cut: false, rest }
}

export function lineKey(stream: StreamId, number: number): string {
  return `${stream.key}:${number}`
}

// The bytes of a whole line, at most `limit` of them.
export async function readLine(
  source: OutputSource,
  line: LineRow,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let read = 0
  while (read < limit) {
    const wanted = Math.min(kPieceBytes, limit - read)
    const piece = new Uint8Array(await source.bytes(line.stream, line.offset + read, wanted, signal))
    const end = piece.indexOf(kNewline)
    parts.push(end < 0 ? piece : piece.subarray(0, end))
    read += piece.length
    if (end >= 0 || piece.length < wanted) break
  }
  return joined(...parts)
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  const filled = parts.filter((part) => part.length > 0)
  if (filled.length === 1 && filled[0]) return filled[0]
  const whole = new Uint8Array(filled.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of filled) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

// The stored part of a view as an index described it: how many lines there are is known before a byte of
// them was fetched. What is on screen is fetched in segments, what is far away is dropped and fetched again
// when it is needed.
import { type LinePlace, Segment, readPieces } from '@/modules/console/segment'
import type { OutputIndex, OutputSource, OutputView, Streams } from '@/modules/console/output-source'

const kMostAtOnce = 4
const kBeside = 1 // segments fetched before and after what is on screen
const kKeepBeside = 3 // fetches that far away are let run to their end
const kFirstRetryMs = 500
const kMaxRetryMs = 10_000

interface Fetch {
  abort: AbortController
  waiting: number // who needs it whatever is on screen
  done: Promise<void>
}

export interface Span {
  from: number // positions
  to: number
}

// Where line `number` of an index, counted from 1, begins.
export function spanOfLine(index: OutputIndex, number: number): Span | undefined {
  let before = 0
  for (const [at, { position, lines }] of index.segments.entries()) {
    before += lines
    if (number <= before) return { from: position, to: index.segments[at + 1]?.position ?? index.end }
  }
  return undefined
}

export class StoredPart {
  private readonly firstLine: Float64Array // of each segment, and after the last the number of lines
  private readonly held = new Map<number, Segment>()
  private readonly fetches = new Map<number, Fetch>()
  private failures = 0 // since the last that came
  private heldBytes = 0
  private middle = 0 // segment on screen
  private wanted: number[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private stopped = false

  constructor(
    readonly index: OutputIndex,
    private readonly view: OutputView,
    private readonly source: OutputSource,
    private readonly streams: Streams,
    private readonly maxBytes: number,
    private readonly changed: () => void,
  ) {
    this.firstLine = new Float64Array(index.segments.length + 1)
    index.segments.forEach(({ lines }, at) => {
      this.firstLine[at + 1] = (this.firstLine[at] ?? 0) + lines
    })
  }

  get lines(): number {
    return this.firstLine.at(-1) ?? 0
  }
  get bytesHeld(): number {
    return this.heldBytes
  }
  get failing(): boolean {
    return this.failures > 0
  }

  // The line's place when its segment is held.
  place(line: number): LinePlace | undefined {
    const at = this.segmentOf(line)
    return this.held.get(at)?.place(line - (this.firstLine[at] ?? 0))
  }

  // These lines are on screen: fetches their segments and those beside, gives up fetches far from them.
  want(first: number, last: number): void {
    if (this.lines === 0 || this.stopped) return
    const from = this.segmentOf(Math.max(0, first))
    const to = this.segmentOf(Math.min(this.lines - 1, last))
    this.middle = (from + to) / 2
    this.wanted = []
    for (let at = from; at <= to; at += 1) this.wanted.push(at)
    for (let by = 1; by <= kBeside; by += 1) this.wanted.push(to + by, from - by)
    this.wanted = this.wanted.filter((at) => this.index.segments[at]?.lines)
    for (const [at, fetch] of this.fetches)
      if (fetch.waiting === 0 && (at < from - kKeepBeside || at > to + kKeepBeside)) fetch.abort.abort()
    this.fetchMissing()
  }

  // Resolves when the segments of these lines are held.
  async ensure(first: number, last: number, signal: AbortSignal): Promise<void> {
    if (this.lines === 0) return
    const to = this.segmentOf(Math.min(last, this.lines - 1))
    for (let at = this.segmentOf(Math.max(0, first)); at <= to; at += 1) {
      signal.throwIfAborted()
      if (!this.held.has(at) && this.index.segments[at]?.lines) await this.load(at, signal)
    }
  }

  // The line of this part that is line `number` of `stream` and begins in a piece of `span`; -1: none does.
  async find(stream: string, number: number, span: Span, signal: AbortSignal): Promise<number> {
    for (let at = this.segmentAt(span.from); at < this.index.segments.length; at += 1) {
      if ((this.index.segments[at]?.position ?? 0) >= span.to) break
      if (!this.held.has(at)) await this.load(at, signal)
      const found = this.held.get(at)?.find(stream, number) ?? -1
      if (found >= 0) return (this.firstLine[at] ?? 0) + found
    }
    return -1
  }

  // The line's number when its segment is held; else one near it.
  lineNear(stream: string, number: number, position: number): number {
    const at = this.segmentAt(position)
    const first = this.firstLine[at] ?? 0
    const found = this.held.get(at)?.find(stream, number) ?? -1
    if (found >= 0) return first + found
    const from = this.index.segments[at]?.position ?? 0
    const to = this.index.segments[at + 1]?.position ?? this.index.end
    const part = to > from ? Math.min(1, (position - from) / (to - from)) : 0
    return Math.floor(first + part * ((this.firstLine[at + 1] ?? first) - first))
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
    for (const fetch of this.fetches.values()) fetch.abort.abort()
  }

  private segmentOf(line: number): number {
    return lastAtMost(this.firstLine, line, this.index.segments.length)
  }

  private segmentAt(position: number): number {
    let low = 0
    let high = this.index.segments.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.index.segments[middle]?.position ?? 0) <= position) low = middle
      else high = middle - 1
    }
    return low
  }

  private fetchMissing(): void {
    if (this.timer !== undefined) return
    for (const at of this.wanted) {
      if (this.fetches.size >= kMostAtOnce) return
      if (!this.held.has(at) && !this.fetches.has(at)) this.fetch(at)
    }
  }

  private async load(at: number, signal: AbortSignal): Promise<void> {
    const fetch = this.fetches.get(at) ?? this.fetch(at)
    const stop = () => fetch.abort.abort()
    signal.addEventListener('abort', stop)
    fetch.waiting += 1
    try {
      await fetch.done
    } finally {
      fetch.waiting -= 1
      signal.removeEventListener('abort', stop)
    }
  }

  private fetch(at: number): Fetch {
    const abort = new AbortController()
    const from = this.index.segments[at]?.position ?? 0
    const to = this.index.segments[at + 1]?.position ?? this.index.end
    const run = async () => {
      try {
        const records = await this.source.frames(this.view, from, to, abort.signal)
        this.keep(at, new Segment(readPieces(records, this.streams)))
      } catch (error) {
        if (!abort.signal.aborted) this.failed()
        throw error
      } finally {
        this.fetches.delete(at)
        if (!this.stopped) this.fetchMissing()
      }
    }
    const fetch = { abort, waiting: 0, done: Promise.resolve() }
    this.fetches.set(at, fetch)
    fetch.done = run()
    fetch.done.catch(() => undefined) // who waits for it is told; others see that it failed
    return fetch
  }

  private keep(at: number, segment: Segment): void {
    if (this.stopped) return
    this.failures = 0
    this.held.set(at, segment)
    this.heldBytes += segment.bytes
    while (this.heldBytes > this.maxBytes && this.held.size > 1) this.dropFarthest(at)
    this.changed()
  }

  private dropFarthest(fresh: number): void {
    let farthest = -1
    for (const at of this.held.keys())
      if (at !== fresh && (farthest < 0 || Math.abs(at - this.middle) > Math.abs(farthest - this.middle)))
        farthest = at
    this.heldBytes -= this.held.get(farthest)?.bytes ?? 0
    this.held.delete(farthest)
  }

  private failed(): void {
    const wait = Math.min(kMaxRetryMs, kFirstRetryMs * 2 ** this.failures)
    this.failures += 1
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.fetchMissing()
    }, wait)
    this.changed()
  }
}

// The last of the first `count` values that is at most `value`, empty segments passed over.
function lastAtMost(values: Float64Array, value: number, count: number): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((values[middle] ?? 0) <= value) low = middle
    else high = middle - 1
  }
  return low
}

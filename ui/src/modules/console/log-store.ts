// One view of a step's output: the part an index described, fetched as it is looked at, and after it what
// comes live. Nothing here touches React or the DOM; nothing is refused or lost: what is dropped from
// memory is fetched again.
import type { OutputFrame } from '@/lib/live-frames'
import {
  type LineRow,
  type LongLines,
  type Row,
  lineKey,
  readLine,
  storedRow,
} from '@/modules/console/log-row'
import { LivePart } from '@/modules/console/live-part'
import {
  type LiveFollowing,
  type OutputIndex,
  type OutputSource,
  type OutputView,
  type StreamId,
  Streams,
  streamKey,
} from '@/modules/console/output-source'
import { type Span, StoredPart, spanOfLine } from '@/modules/console/stored-part'

export interface Limits {
  storedBytes: number
  liveBytes: number // held of the live part before a newer index takes its place
  liveLines: number
}

const kLimits: Limits = { storedBytes: 48 * 1024 * 1024, liveBytes: 16 * 1024 * 1024, liveLines: 500_000 }
export const kMaxShownLineBytes = 16 * 1024
const kFarBehindBytes = 1024 * 1024
const kMinGapBetweenIndexesMs = 2000
const kRetryMs = 2000
const kLoading: Row = { kind: 'loading' }

export type Phase = 'loading' | 'ready' | 'failed'

const kNothing: OutputIndex = { bytes: 0, lines: 0, end: 0, streams: [], segments: [] }

export class LogStore implements LongLines {
  phase: Phase = 'loading'
  error: unknown
  private readonly streams = new Streams()
  private readonly listeners = new Set<() => void>()
  private tellMoved: (by: number) => void = () => undefined
  private readonly long = new Map<string, Uint8Array>()
  private readonly fetchingLong = new Set<string>()
  private stored: StoredPart
  private livePart = new LivePart(kNothing)
  private unwanted = new Map<string, number>() // ends of the streams that are not of this view
  private following: LiveFollowing | undefined
  private abort = new AbortController()
  private inSight = { first: 0, last: 0 }
  private renewing = false
  private renewed = -Infinity

  constructor(
    private readonly source: OutputSource,
    readonly view: OutputView,
    private readonly limits = kLimits,
  ) {
    this.stored = this.storedOf(kNothing)
  }

  start(): void {
    this.stop()
    this.abort = new AbortController()
    this.phase = 'loading'
    void this.begin(this.abort.signal)
  }

  // Everything on its way is given up.
  stop(): void {
    this.abort.abort()
    this.following?.stop()
    this.following = undefined
    this.stored.stop()
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  // Hears by how many rows what is on screen moved when a newer index came.
  onMoved(listener: (by: number) => void): void {
    this.tellMoved = listener
  }

  get rows(): number {
    return this.lines + this.livePart.missing.length
  }
  get lines(): number {
    return this.stored.lines + this.livePart.lines
  }
  get storedLines(): number {
    return this.stored.lines
  }
  get storedEnd(): number {
    return this.stored.index.end
  }
  get bytes(): number {
    return this.stored.index.bytes + this.livePart.heldBytes
  }
  get heldBytes(): number {
    return this.stored.bytesHeld + this.livePart.heldBytes
  }
  get missing(): number {
    return this.livePart.missing.length
  }
  get failing(): boolean {
    return this.stored.failing
  }
  // The one host whose output there is, if it is one.
  get onlyAgent(): string | undefined {
    const agents = new Set([...this.livePart.ends().keys()].map((key) => key.slice(0, key.lastIndexOf('/'))))
    return agents.size === 1 ? [...agents][0] : undefined
  }
  get signal(): AbortSignal {
    return this.abort.signal
  }

  row(row: number, limit = kMaxShownLineBytes): Row {
    if (row < this.stored.lines) {
      const place = this.stored.place(row)
      return place ? storedRow(place, this.livePart, this, limit) : kLoading
    }
    const live = this.livePart.row(row - this.stored.lines)
    if (!live) {
      const gap = this.livePart.missing[row - this.lines]
      return gap ? { kind: 'gap', host: gap.stream.host, bytes: gap.bytes } : kLoading
    }
    const { source, line } = live
    const number = source.number(line)
    const whole = this.long.get(lineKey(source.stream, number))
    const read = source.line(line, whole ? Number.MAX_SAFE_INTEGER : limit)
    const cut = read.length > read.bytes.length
    return { kind: 'line', stream: source.stream, number, ...read, cut, offset: source.lineOffset(line) }
  }

  // These rows are on screen.
  want(first: number, last: number): void {
    this.inSight = { first, last }
    this.stored.want(first, last)
    for (let at = first; at <= last && at < this.stored.lines; at += 1) {
      const row = this.row(at)
      if (row.kind === 'line' && row.rest) this.later(lineKey(row.stream, row.number), row.rest)
    }
  }

  // Resolves when all lines of these rows are held as far as they are shown.
  async ensure(first: number, last: number, signal: AbortSignal, limit = kMaxShownLineBytes): Promise<void> {
    await this.stored.ensure(first, last, signal)
    const within = Math.min(last, this.stored.lines - 1)
    for (let at = first; at <= within; at += 1) {
      for (let row = this.row(at, limit); row.kind === 'line' && row.rest; row = this.row(at, limit))
        await row.rest(signal)
    }
  }

  // The row of a line; -1: there is none. `position` is that of the piece in which it begins, if it is
  // known.
  async find(stream: string, number: number, position: number | undefined): Promise<number> {
    const beginning = this.livePart.beginning(stream)
    if (number > beginning.lines) return this.rowOfLive(stream, number)
    if (this.view.agent !== undefined && this.view.stream !== undefined) return number - 1
    const at =
      position === undefined ? await this.partOf(stream, number) : { from: position, to: position + 1 }
    return at === undefined ? -1 : await this.stored.find(stream, number, at, this.signal)
  }

  // Where a line is, or near it when it was not fetched yet.
  rowNear(stream: string, number: number, position: number): number {
    if (this.view.agent !== undefined && this.view.stream !== undefined) return number - 1
    return this.stored.lineNear(stream, number, position)
  }

  // Fetches the whole of a long line.
  async expand(line: LineRow, limit: number): Promise<void> {
    const whole = await readLine(this.source, line, limit, this.signal)
    this.long.set(lineKey(line.stream, line.number), whole)
    this.changed()
  }

  wholeLine(stream: StreamId, number: number): Uint8Array | undefined {
    return this.long.get(lineKey(stream, number))
  }

  async fetchRest(
    stream: StreamId,
    offset: number,
    limit: number,
    signal = this.signal,
  ): Promise<Uint8Array> {
    return new Uint8Array(await this.source.bytes(stream, offset, limit, signal))
  }

  // Once for each line's rest, however often its row is drawn.
  private later(key: string, action: () => Promise<void>): void {
    if (this.fetchingLong.has(key)) return
    this.fetchingLong.add(key)
    action().then(
      () => {
        this.fetchingLong.delete(key)
        this.changed()
      },
      () => setTimeout(() => this.fetchingLong.delete(key), kRetryMs),
    )
  }

  private async begin(signal: AbortSignal): Promise<void> {
    try {
      const index = await this.readIndex(signal)
      this.stored = this.storedOf(index)
      this.livePart = new LivePart(index)
      this.phase = 'ready'
      this.following = this.source.follow({
        agent: this.view.agent,
        from: () => new Map([...this.unwanted, ...this.livePart.ends()]),
        onFrame: this.received,
      })
    } catch (error) {
      if (signal.aborted) return
      this.phase = 'failed'
      this.error = error
    }
    this.changed()
  }

  private async readIndex(signal: AbortSignal): Promise<OutputIndex> {
    const { agent, stream } = this.view
    if (stream === undefined) return await this.source.index(this.view, signal)
    // Live output is of both streams: the other one is to go on from its end too, to be passed over.
    const [index, both] = await Promise.all([
      this.source.index(this.view, signal),
      this.source.index({ agent, stream: undefined }, signal),
    ])
    for (const each of both.streams)
      if (each.stream !== stream) this.unwanted.set(streamKey(each.agent_id, each.stream), each.bytes)
    return index
  }

  private storedOf(index: OutputIndex): StoredPart {
    return new StoredPart(index, this.view, this.source, this.streams, this.limits.storedBytes, this.changed)
  }

  private readonly received = (origin: { agent: string; host: string }, frame: OutputFrame): void => {
    if (this.view.agent !== undefined && origin.agent !== this.view.agent) return
    const stream = this.streams.of(origin.agent, origin.host, frame.stream)
    if (this.view.stream !== undefined && frame.stream !== this.view.stream) {
      const end = frame.offset + frame.data.length
      this.unwanted.set(stream.key, Math.max(end, this.unwanted.get(stream.key) ?? 0))
      return
    }
    if (this.livePart.append(stream, frame.offset, frame.data) === 'gap') this.following?.askAgain()
    const { liveBytes, liveLines } = this.limits
    if (this.livePart.heldBytes > liveBytes || this.livePart.lines > liveLines) void this.renew()
    this.changed()
  }

  // Takes a newer index, and lets go of what came live and is stored by now. What is on screen is fetched
  // first, so that nothing flickers.
  private async renew(): Promise<void> {
    const now = performance.now()
    if (this.renewing || now - this.renewed < kMinGapBetweenIndexesMs) return
    this.renewing = true
    const { signal } = this.abort
    try {
      const next = this.storedOf(await this.readIndex(signal))
      await next.ensure(this.inSight.first, this.inSight.last, signal)
      if (!signal.aborted) this.replace(next)
    } catch {
      // The old parts go on; the next frame asks again.
    }
    this.renewed = performance.now()
    this.renewing = false
  }

  private replace(next: StoredPart): void {
    const { first, last } = this.inSight
    const seen: LineRow[] = []
    for (let row = first; row <= last && row < this.rows; row += 1) {
      const line = this.row(row)
      if (line.kind === 'line') seen.push(line)
    }
    const heldEnds = this.livePart.ends()
    this.stored.stop()
    this.stored = next
    this.livePart = this.livePart.after(next.index)
    const behind = next.index.streams.reduce(
      (sum, each) =>
        sum + Math.max(0, each.bytes - (heldEnds.get(streamKey(each.agent_id, each.stream)) ?? 0)),
      0,
    )
    if (behind > kFarBehindBytes) this.following?.askAgain()
    this.moved(seen, first, last)
    this.changed()
  }

  // Lines of several streams may be in another order now: the first seen that is still near tells by how
  // much.
  private moved(seen: LineRow[], first: number, last: number): void {
    const [top] = seen
    if (!top) return
    for (let row = first; row <= last; row += 1) {
      const line = this.row(row)
      if (line.kind !== 'line' || line.stream !== top.stream || line.number !== top.number) continue
      if (row !== first) this.tellMoved(row - first)
      return
    }
  }

  rowOfLive(stream: string, number: number): number {
    for (let row = 0; row < this.livePart.lines; row += 1) {
      const live = this.livePart.row(row)
      if (live?.source.stream.key === stream && live.source.number(live.line) === number)
        return this.stored.lines + row
    }
    return -1
  }

  // In a host's view of both streams: the index of the one stream tells where its lines are.
  private async partOf(stream: string, number: number): Promise<Span | undefined> {
    const cut = stream.lastIndexOf('/')
    const name = stream.slice(cut + 1) === 'stderr' ? 'stderr' : 'stdout'
    if (stream.slice(0, cut) !== (this.view.agent ?? this.onlyAgent)) return undefined
    const index = await this.source.index({ agent: this.view.agent, stream: name }, this.signal)
    return spanOfLine(index, number)
  }

  readonly changed = (): void => {
    for (const listener of this.listeners) listener()
  }
}

// What came live since the stored part was described: a source per stream, and rows in the order in which
// their lines began.
import { type Appended, LogSource, type StreamBeginning } from '@/modules/console/log-source'
import { type OutputIndex, type StreamId, streamKey } from '@/modules/console/output-source'
import { RowList } from '@/modules/console/row-list'

const kFromTheStart: StreamBeginning = { offset: 0, lines: 0, endsLine: true }

export interface Missing {
  stream: StreamId
  bytes: number
}

export class LivePart {
  private readonly sources: LogSource[] = []
  private readonly byKey = new Map<string, LogSource>()
  private readonly gaps = new Map<string, Missing>()
  private readonly beginnings = new Map<string, StreamBeginning>()
  private rows = new RowList()
  private bytes = 0

  constructor(index: OutputIndex) {
    for (const { agent_id: agent, stream, bytes, lines, ends_line: endsLine } of index.streams)
      this.beginnings.set(streamKey(agent, stream), { offset: bytes, lines, endsLine })
  }

  get lines(): number {
    return this.rows.end
  }
  get heldBytes(): number {
    return this.bytes
  }
  get missing(): Missing[] {
    return [...this.gaps.values()]
  }

  row(row: number): { source: LogSource; line: number } | undefined {
    if (row >= this.rows.end) return undefined
    const source = this.sources[this.rows.source(row)]
    return source && { source, line: this.rows.line(row) }
  }

  source(key: string): LogSource | undefined {
    return this.byKey.get(key)
  }

  // Where the stored part of a stream ended.
  beginning(key: string): StreamBeginning {
    return this.beginnings.get(key) ?? kFromTheStart
  }

  append(stream: StreamId, offset: number, data: Uint8Array): Appended {
    const source = this.sourceOf(stream)
    const before = { lines: source.lineCount, end: source.end }
    const outcome = source.append(offset, data)
    if (outcome === 'gap') this.gaps.set(stream.key, { stream, bytes: offset - source.end })
    if (outcome !== 'added') return outcome
    this.gaps.delete(stream.key)
    this.bytes += source.end - before.end
    for (let line = before.lines; line < source.lineCount; line += 1) this.rows.push(source.index, line)
    return outcome
  }

  // Where each stream is to go on.
  ends(): Map<string, number> {
    const ends = new Map([...this.beginnings].map(([key, { offset }]) => [key, offset]))
    for (const source of this.sources) ends.set(source.stream.key, source.end)
    return ends
  }

  sourceOf(stream: StreamId): LogSource {
    const known = this.byKey.get(stream.key)
    if (known) return known
    const source = new LogSource(this.sources.length, stream, this.beginning(stream.key))
    this.sources.push(source)
    this.byKey.set(stream.key, source)
    return source
  }

  // Goes on from a newer index: what is stored by now is let go, the rest keeps its order.
  after(index: OutputIndex): LivePart {
    const next = new LivePart(index)
    const dropped = new Map<LogSource, number>()
    for (const old of this.sources) {
      const fresh = next.sourceOf(old.stream)
      if (old.end > fresh.end) fresh.append(fresh.end, old.bytesFrom(fresh.end))
      next.bytes += fresh.heldBytes
      dropped.set(old, old.lineCount - fresh.lineCount)
    }
    for (let row = 0; row < this.rows.end; row += 1) {
      const source = this.sources[this.rows.source(row)]
      const line = this.rows.line(row) - (source ? (dropped.get(source) ?? 0) : 0)
      const fresh = source && next.source(source.stream.key)
      if (fresh && line >= 0) next.rows.push(fresh.index, line)
    }
    for (const [key, gap] of this.gaps) {
      const end = next.source(key)?.end ?? 0
      const until = (this.source(key)?.end ?? 0) + gap.bytes
      if (until > end) next.gaps.set(key, { ...gap, bytes: until - end })
    }
    return next
  }
}

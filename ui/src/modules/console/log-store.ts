// Output of one step: a source per host and stream, and views that order their lines. Nothing here touches
// React or the DOM. Over the limit the oldest output is dropped from memory; it stays on the server.
import { type Appended, type Line, LogSource } from '@/modules/console/log-source'
import { RowList } from '@/modules/console/row-list'

const kMaxHeldBytes = 64 * 1024 * 1024
const kMaxHeldRows = 4_000_000
export const kMaxShownLineBytes = 16 * 1024

export interface SourceName {
  agent: string
  host: string
  stream: 'stdout' | 'stderr'
}

export interface LogFilter {
  agent?: string | undefined
  stream?: 'stdout' | 'stderr' | undefined
}

export interface LogRow extends Line {
  source: LogSource
  line: number // from 0 in its source
}

export interface LogView {
  readonly first: number // rows before it were dropped
  readonly end: number
  row(row: number): LogRow | undefined // nothing: dropped from memory
}

class FilteredView implements LogView {
  readonly rows = new RowList()

  constructor(
    private readonly store: LogStore,
    private readonly filter: LogFilter,
  ) {}

  get first(): number {
    return this.rows.first
  }
  get end(): number {
    return this.rows.end
  }

  accepts(source: LogSource): boolean {
    const { agent, stream } = this.filter
    return (
      (agent === undefined || source.agent === agent) && (stream === undefined || source.stream === stream)
    )
  }

  row(row: number): LogRow | undefined {
    const source = this.store.source(this.rows.source(row))
    const line = this.rows.line(row)
    if (!source || line < source.firstHeldLine) return undefined
    return { source, line, ...source.line(line, kMaxShownLineBytes) }
  }

  // Rows at the front whose bytes are gone.
  dropFront(): void {
    let row = this.rows.first
    while (row < this.rows.end) {
      const source = this.store.source(this.rows.source(row))
      if (!source || this.rows.line(row) >= source.firstHeldLine) break
      row += 1
    }
    this.rows.dropTo(row)
  }
}

export class LogStore {
  private readonly sources: LogSource[] = []
  private readonly byName = new Map<string, LogSource>()
  private readonly all = new FilteredView(this, {})
  private readonly views = new Map<string, FilteredView>([['/', this.all]])
  private readonly listeners = new Set<() => void>()
  private bytes = 0
  private received = 0

  constructor(
    private readonly maxBytes = kMaxHeldBytes,
    private readonly maxRows = kMaxHeldRows,
  ) {}

  get receivedBytes(): number {
    return this.received
  }
  get receivedLines(): number {
    return this.all.end
  }
  get complete(): boolean {
    return this.all.first === 0
  }

  source(index: number): LogSource | undefined {
    return this.sources[index]
  }

  hosts(): { agent: string; host: string }[] {
    const seen = new Map(this.sources.map((source) => [source.agent, source.host]))
    return [...seen].map(([agent, host]) => ({ agent, host }))
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  append(name: SourceName, offset: number, data: Uint8Array): Appended {
    const source = this.named(name)
    const before = { lines: source.lineCount, end: source.end }
    const outcome = source.append(offset, data)
    if (outcome !== 'added') return outcome
    this.received += source.end - before.end
    this.bytes += source.end - before.end
    this.addRows(source, before.lines)
    this.shrink()
    for (const listener of this.listeners) listener()
    return outcome
  }

  // Where each stream's held bytes end: what to ask for after a lost connection.
  ends(): { name: SourceName; end: number }[] {
    return this.sources.map((source) => ({ name: source, end: source.end }))
  }

  view(filter: LogFilter): LogView {
    const key = `${filter.agent ?? ''}/${filter.stream ?? ''}`
    const known = this.views.get(key)
    if (known) return known
    const view = new FilteredView(this, filter)
    for (let row = this.all.first; row < this.all.end; row += 1) {
      const source = this.sources[this.all.rows.source(row)]
      if (source && view.accepts(source)) view.rows.push(source.index, this.all.rows.line(row))
    }
    this.views.set(key, view)
    return view
  }

  private named(name: SourceName): LogSource {
    const key = `${name.agent}/${name.stream}`
    const known = this.byName.get(key)
    if (known) return known
    const source = new LogSource(this.sources.length, name.agent, name.host, name.stream)
    this.sources.push(source)
    this.byName.set(key, source)
    return source
  }

  private addRows(source: LogSource, firstNewLine: number): void {
    for (const view of this.views.values()) {
      if (!view.accepts(source)) continue
      for (let line = firstNewLine; line < source.lineCount; line += 1) view.rows.push(source.index, line)
    }
  }

  private shrink(): void {
    let dropped = false
    while (this.bytes > this.maxBytes || this.all.end - this.all.first > this.maxRows) {
      const oldest = this.sources[this.all.rows.source(this.all.first)]
      const victim = oldest?.canDrop ? oldest : this.sources.find((source) => source.canDrop)
      if (!victim) break
      const before = victim.heldBytes
      victim.dropFront()
      this.bytes -= before - victim.heldBytes
      this.all.dropFront()
      dropped = true
    }
    if (dropped) for (const view of this.views.values()) view.dropFront()
  }
}

// The lines that match, in the order of the view: of the stored part as the server finds them, with its
// exact count; of what came live by looking at it here.
import { type FindQuery, hitPattern, matches, serverQueries } from '@/modules/console/find-query'
import { HitList } from '@/modules/console/hit-list'
import { plainText, shownText } from '@/modules/console/line-text'
import type { LogStore } from '@/modules/console/log-store'
import { type Match, type OutputSource, streamKey } from '@/modules/console/output-source'

const kRowsPerSlice = 5000

export interface Hit {
  stream: string // its key
  number: number
  position: number | undefined // of the piece it begins in; of live lines it is not known
}

export class Hits {
  error: unknown
  readonly pattern: RegExp | undefined
  private lists: HitList[] = []
  private merged: Match[] = []
  private live: Hit[] = []
  private searched = 0 // live lines looked at
  private open: number[] = [] // of these, those that had not ended
  private until = -1
  private abort = new AbortController()
  private looking = false

  constructor(
    private readonly store: LogStore,
    private readonly source: OutputSource,
    readonly query: FindQuery,
    private readonly changed: () => void,
  ) {
    this.pattern = hitPattern(query)
  }

  // Nothing: still counting.
  get total(): number | undefined {
    if (this.until < 0 || this.lists.some((list) => list.total === undefined)) return undefined
    return this.storedTotal + this.live.length
  }
  get known(): number {
    return this.merged.length
  }

  // Begins, or begins anew when the stored part is another.
  update(): void {
    if (this.store.phase !== 'ready') return
    if (this.store.storedEnd !== this.until) {
      this.begin()
      void this.load(() => this.merged.length > 0)
    }
    void this.lookAtLive()
  }

  stop(): void {
    this.abort.abort()
  }

  // The hit with this ordinal; further ones are fetched.
  async at(ordinal: number): Promise<Hit | undefined> {
    if (ordinal >= this.storedTotal) return this.live[ordinal - this.storedTotal]
    await this.load(() => this.merged.length > ordinal)
    return this.heldAt(ordinal)
  }

  // The same as far as it is held.
  heldAt(ordinal: number): Hit | undefined {
    if (ordinal >= this.storedTotal) return this.live[ordinal - this.storedTotal]
    const match = this.merged[ordinal]
    return (
      match && {
        stream: streamKey(match.agent_id, match.stream),
        number: match.line,
        position: match.position,
      }
    )
  }

  // The ordinal of the first hit at `row` or after it; the total when there is none.
  async ordinalFrom(row: number): Promise<number> {
    if (row < this.store.storedLines) {
      await this.load(() => {
        const last = this.merged.at(-1)
        return last !== undefined && this.rowOf(last) >= row
      })
      let low = 0
      let high = this.merged.length
      while (low < high) {
        const middle = (low + high) >> 1
        const match = this.merged[middle]
        if (match && this.rowOf(match) < row) low = middle + 1
        else high = middle
      }
      if (low < this.merged.length) return low
    }
    const rows = await Promise.all(this.live.map((hit) => this.store.find(hit.stream, hit.number, undefined)))
    const found = rows.findIndex((each) => each >= row)
    return this.storedTotal + (found < 0 ? this.live.length : found)
  }

  // Rows of the hits that are known, near enough to be marked on the scroll bar.
  rows(): number[] {
    const stored = this.merged.map((match) => this.rowOf(match))
    return stored.concat(this.live.map((hit) => this.store.rowOfLive(hit.stream, hit.number)))
  }

  private get storedTotal(): number {
    return this.lists.reduce((sum, list) => sum + (list.total ?? 0), 0)
  }

  private rowOf(match: Match): number {
    return this.store.rowNear(streamKey(match.agent_id, match.stream), match.line, match.position)
  }

  private begin(): void {
    this.abort.abort()
    this.abort = new AbortController()
    this.until = this.store.storedEnd
    this.lists = serverQueries(this.query, this.store.view).map(
      (query) => new HitList(this.source, query, this.until),
    )
    this.merged = []
    this.live = []
    this.open = []
    this.searched = 0
    this.looking = false
    this.error = undefined
  }

  // Fetches until `enough`, or all is there.
  private async load(enough: () => boolean): Promise<void> {
    const { signal } = this.abort
    try {
      for (;;) {
        const behind = this.lists.filter((list) => list.more)
        this.merge()
        if (enough() || behind.length === 0) break
        const [first] = behind.sort((a, b) => a.frontier - b.frontier)
        await first?.next(signal)
        if (signal.aborted) return
      }
      // Totals of all are needed, also of those whose lines come later.
      await Promise.all(
        this.lists.filter((list) => list.total === undefined).map((list) => list.next(signal)),
      )
      this.merge()
    } catch (error) {
      if (signal.aborted) return
      this.error = error
    }
    this.changed()
  }

  private merge(): void {
    const [one, two] = this.lists
    if (one && !two) this.merged = one.matches
    if (!one || !two) return
    const frontier = Math.min(one.frontier, two.frontier)
    this.merged = [...one.matches, ...two.matches]
      .filter((match) => match.position < frontier)
      .sort((a, b) => a.position - b.position || a.line - b.line)
  }

  private async lookAtLive(): Promise<void> {
    if (this.looking) return
    this.looking = true
    const { signal } = this.abort
    const again = this.open
    this.open = []
    for (const row of again) this.lookAt(row)
    const end = this.store.lines - this.store.storedLines
    while (this.searched < end && !signal.aborted) {
      const until = Math.min(end, this.searched + kRowsPerSlice)
      for (; this.searched < until; this.searched += 1) this.lookAt(this.searched)
      if (this.searched < end) await new Promise((resolve) => setTimeout(resolve))
    }
    if (signal.aborted) return
    this.looking = false
    this.changed()
  }

  private lookAt(live: number): void {
    const row = this.store.row(this.store.storedLines + live)
    if (row.kind !== 'line') return
    const text = plainText(shownText(row))
    if (matches(this.query, this.pattern, text, row.stream.stream === 'stderr'))
      this.live.push({ stream: row.stream.key, number: row.number, position: undefined })
    else if (row.open) this.open.push(live)
  }
}

// Only the lines that match, as rows of their own.
import type { Rows } from '@/modules/console/console-view'
import type { Hit, Hits } from '@/modules/console/hits'
import type { Row } from '@/modules/console/log-row'
import type { LogStore } from '@/modules/console/log-store'

const kLoading: Row = { kind: 'loading' }

export class FilteredRows implements Rows {
  private readonly found = new Map<string, number>() // by stream and line, the row of the store
  private readonly finding = new Set<string>()

  constructor(
    private readonly store: LogStore,
    private readonly hits: Hits,
  ) {}

  get rows(): number {
    return this.hits.total ?? this.hits.known
  }
  get failing(): boolean {
    return this.store.failing
  }

  // Rows of the store change when a newer index comes; which lines match does not.
  forget(): void {
    this.found.clear()
  }

  row(row: number): Row {
    const hit = this.hits.heldAt(row)
    const at = hit && this.found.get(keyOf(hit))
    return at === undefined ? kLoading : this.store.row(at)
  }

  want(first: number, last: number): void {
    const until = Math.min(last, this.rows - 1)
    if (until >= 0 && !this.hits.heldAt(until)) void this.hits.at(until).then(this.store.changed)
    for (let row = first; row <= until; row += 1) {
      const hit = this.hits.heldAt(row)
      if (hit && this.row(row).kind === 'loading') void this.find(hit)
    }
  }

  private async find(hit: Hit): Promise<void> {
    const key = keyOf(hit)
    if (this.finding.has(key)) return
    this.finding.add(key)
    try {
      const row = await this.store.find(hit.stream, hit.number, hit.position)
      if (row < 0) return
      await this.store.ensure(row, row, this.store.signal)
      this.found.set(key, row)
      this.store.changed()
    } catch {
      // What still is in sight is asked for again with the next drawing.
    } finally {
      this.finding.delete(key)
    }
  }
}

function keyOf(hit: Hit): string {
  return `${hit.stream}:${hit.number}`
}

// What the server answered to one search of the stored part, page by page in the order of the view.
import type { ServerQuery } from '@/modules/console/find-query'
import type { Match, OutputSource } from '@/modules/console/output-source'

const kPage = 5000

export class HitList {
  readonly matches: Match[] = []
  total: number | undefined
  private cursor: string | null = null
  private asking: Promise<void> | undefined

  constructor(
    private readonly source: OutputSource,
    private readonly query: ServerQuery,
    private readonly until: number,
  ) {}

  get more(): boolean {
    return this.total === undefined || this.cursor !== null
  }

  // Matches before this position are all known.
  get frontier(): number {
    if (!this.more) return Infinity
    return this.matches.at(-1)?.position ?? -1
  }

  async next(signal: AbortSignal): Promise<void> {
    this.asking ??= this.ask(signal).finally(() => (this.asking = undefined))
    await this.asking
  }

  private async ask(signal: AbortSignal): Promise<void> {
    if (this.until === 0) {
      this.total = 0
      return
    }
    const cursor = this.cursor ?? undefined
    const answer = await this.source.search(
      { ...this.query, until: this.until, cursor, limit: kPage },
      signal,
    )
    this.total = answer.total
    this.cursor = answer.next_cursor
    for (const match of answer.lines) this.matches.push(match)
  }
}

// Rows of a view: which line of which source, in the order the lines began. Paged, so that a million rows
// grow without copies.
const kRowsPerPage = 32_768

export class RowList {
  private readonly pages: Uint32Array[] = []
  private total = 0

  get end(): number {
    return this.total
  }

  push(source: number, line: number): void {
    const at = this.total % kRowsPerPage
    if (at === 0) this.pages.push(new Uint32Array(kRowsPerPage * 2))
    const page = this.pages.at(-1)
    if (!page) return
    page[at * 2] = source
    page[at * 2 + 1] = line
    this.total += 1
  }

  source(row: number): number {
    return this.page(row)[(row % kRowsPerPage) * 2] ?? 0
  }

  line(row: number): number {
    return this.page(row)[(row % kRowsPerPage) * 2 + 1] ?? 0
  }

  private page(row: number): Uint32Array {
    const page = this.pages[Math.floor(row / kRowsPerPage)]
    if (!page || row >= this.total) throw new RangeError(`row ${row} is not held`)
    return page
  }
}

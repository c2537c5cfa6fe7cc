// Draws rows: only those in sight are in the document. Rows are of one height, or of whole multiples of it
// when lines are broken. No React: output never passes through component state. Past the tallest element a
// browser allows, and when lines are broken, the scroll bar stands for rows and not for pixels.
import type { LineRow, Row } from '@/modules/console/log-row'
import { type Columns, type Look, RowPainter, heightOf, kRowHeight } from '@/modules/console/row-painter'
import { RowChoice, type RowRange } from '@/modules/console/row-choice'

const kMaxHeight = 8_000_000
const kSpareRows = 6

export interface Rows {
  readonly rows: number
  readonly failing: boolean
  row: (row: number) => Row
  want: (first: number, last: number) => void
}

export interface ViewEvents {
  onFollow: (following: boolean) => void
  onChoose: (range: RowRange | undefined) => void
  onExpand: (line: LineRow) => void
}

export class ConsoleView {
  readonly choice: RowChoice
  private readonly spacer = document.createElement('div')
  private readonly painter: RowPainter
  private readonly look: Look
  private rows: Rows | undefined
  private current: number | undefined // row of the hit one is at
  private top = 0 // first row in sight; the fraction is of that row's height
  private lastWhole = 0 // last row of which all is in sight
  private wrapped = false
  private frame = 0
  private ownScroll = -1
  private following = true
  private seen = 0 // rows there were when following ended
  private letterWidth = 0
  private readonly resized: ResizeObserver

  constructor(
    private readonly scroller: HTMLElement,
    private readonly events: ViewEvents,
  ) {
    this.spacer.className = 'console-spacer'
    this.painter = new RowPainter(events.onExpand)
    this.spacer.append(this.painter.layer)
    scroller.append(this.spacer)
    this.choice = new RowChoice(scroller, this.painter, (range) => {
      this.refresh()
      events.onChoose(range)
    })
    this.look = {
      columns: { host: true },
      hit: undefined,
      width: Infinity,
      failing: false,
      current: (row) => row === this.current,
      chosen: (row) => this.choice.has(row),
    }
    scroller.addEventListener('scroll', this.scrolled)
    scroller.addEventListener('wheel', this.wheeled, { passive: false })
    scroller.addEventListener('keydown', this.pressed)
    this.resized = new ResizeObserver(() => this.refresh())
    this.resized.observe(scroller)
  }

  destroy(): void {
    cancelAnimationFrame(this.frame)
    this.resized.disconnect()
    this.choice.destroy()
    this.scroller.removeEventListener('scroll', this.scrolled)
    this.scroller.removeEventListener('wheel', this.wheeled)
    this.scroller.removeEventListener('keydown', this.pressed)
    this.spacer.remove()
  }

  show(rows: Rows, columns: Columns, follow: boolean): void {
    this.rows = rows
    this.look.columns = columns
    this.current = undefined
    this.top = 0
    this.seen = 0
    this.choice.clear()
    this.painter.forget()
    this.setFollow(follow)
    this.refresh()
  }

  // Something changed: draws with the next frame.
  refresh = (): void => {
    if (this.frame === 0) this.frame = requestAnimationFrame(this.draw)
  }

  setFollow(on: boolean): void {
    if (on !== this.following) {
      this.following = on
      this.seen = this.count
      this.events.onFollow(on)
    }
    if (on) this.refresh()
  }

  setWrap(on: boolean): void {
    if (this.wrapped === on) return
    this.wrapped = on
    this.top = Math.floor(this.top)
    this.scroller.scrollLeft = 0
    this.refresh()
  }

  toStart(): void {
    this.setFollow(false)
    this.moveTo(0)
  }

  // Marks what is looked for wherever it is in sight.
  mark(hit: RegExp | undefined): void {
    this.look.hit = hit
    this.current = undefined
    this.painter.forget()
    this.refresh()
  }

  goTo(row: number, mark = true): void {
    this.current = mark ? row : undefined
    this.setFollow(false)
    if (row < this.top || row > this.lastWhole)
      this.moveTo(this.stepped(row, -Math.floor(this.rowsInSight / 2)))
    this.refresh()
  }

  // The rows before what is read are more by so many.
  moved(by: number): void {
    if (this.following) return
    this.top = Math.max(0, this.top + by)
    if (this.current !== undefined) this.current += by
    this.choice.moved(by)
    this.refresh()
  }

  get firstInSight(): number {
    return Math.floor(this.top)
  }
  // Rows that came since following ended.
  get news(): number {
    return this.following ? 0 : Math.max(0, this.count - this.seen)
  }

  private get count(): number {
    return this.rows?.rows ?? 0
  }
  private get rowsInSight(): number {
    return this.scroller.clientHeight / kRowHeight
  }
  private get height(): number {
    return Math.min(kMaxHeight, this.count * kRowHeight)
  }
  private get scaled(): boolean {
    return this.wrapped || this.count * kRowHeight > kMaxHeight
  }

  // The furthest one can scroll: the last rows fill the view.
  private get lastTop(): number {
    if (!this.wrapped) return Math.max(0, this.count - this.rowsInSight)
    let room = this.rowsInSight
    for (let row = this.count - 1; row >= 0; row -= 1) {
      const height = this.heightOf(row)
      if (height >= room) return row + 1 - room / height
      room -= height
    }
    return 0
  }

  private heightOf(row: number): number {
    return this.wrapped && this.rows ? heightOf(this.rows.row(row), this.look) : 1
  }

  private moveTo(top: number): void {
    this.top = Math.max(0, Math.min(this.lastTop, top))
    this.refresh()
  }

  private readonly scrolled = (): void => {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller
    if (Math.abs(scrollTop - this.ownScroll) < 1) return
    this.ownScroll = scrollTop
    const room = Math.max(1, scrollHeight - clientHeight)
    this.top = this.scaled ? (scrollTop / room) * this.lastTop : scrollTop / kRowHeight
    // The end of what is drawn: lines that came since must not look like scrolling up, nor a resized
    // window.
    this.setFollow(scrollTop + clientHeight >= scrollHeight - kRowHeight / 2)
    this.refresh()
  }

  private readonly wheeled = (event: WheelEvent): void => {
    if (!this.scaled || event.ctrlKey || event.shiftKey || event.deltaY === 0) return
    event.preventDefault()
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY : event.deltaY / kRowHeight
    this.stepBy(Math.sign(lines) * Math.max(1, Math.round(Math.abs(lines))))
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.scroller) return
    const page = Math.max(1, Math.floor(this.rowsInSight) - 1)
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }
    if (event.key === ' ') steps[' '] = event.shiftKey ? -page : page
    const step = steps[event.key]
    if (step !== undefined) this.stepBy(step)
    else if (event.key === 'Home') this.toStart()
    else if (event.key === 'End') this.setFollow(true)
    else return
    event.preventDefault()
  }

  private stepBy(lines: number): void {
    this.moveTo(this.stepped(this.top, lines))
    this.setFollow(this.top >= this.lastTop - 0.01)
  }

  // A place after so many lines of the screen.
  private stepped(from: number, lines: number): number {
    if (!this.wrapped) return Math.round(from) + lines
    let row = Math.floor(from)
    let within = Math.round((from - row) * this.heightOf(row)) + lines
    while (within < 0 && row > 0) {
      row -= 1
      within += this.heightOf(row)
    }
    while (row < this.count - 1 && within >= this.heightOf(row)) {
      within -= this.heightOf(row)
      row += 1
    }
    return row + Math.max(0, within) / this.heightOf(row)
  }

  private readonly draw = (): void => {
    this.frame = 0
    const rows = this.rows
    if (!rows) return
    this.look.failing = rows.failing
    if (this.seen === 0) this.seen = this.count // opened at a line: what was there is not new
    this.measure()
    if (this.following) this.wantEnd(rows)
    this.top = this.following ? this.lastTop : Math.min(this.top, this.lastTop)
    this.place()
    const scaled = this.scaled
    const from = Math.max(0, Math.floor(this.top) - (scaled ? 0 : kSpareRows))
    const within = (this.top - Math.floor(this.top)) * this.heightOf(from) * kRowHeight
    const offset = scaled ? this.scroller.scrollTop - within : from * kRowHeight
    this.painter.layer.style.transform = `translateY(${offset}px)`
    rows.want(Math.floor(this.top), Math.ceil(this.top + this.rowsInSight))
    let room = this.rowsInSight + kSpareRows + (this.top - from) * this.heightOf(from)
    let row = from
    for (; row < this.count && room > 0; row += 1) {
      this.painter.draw(this.painter.element(row - from), row, rows.row(row), this.look)
      room -= this.heightOf(row)
      if (room >= kSpareRows) this.lastWhole = row
    }
    this.painter.hideFrom(row - from)
  }

  // The place of the end is known only when its lines are.
  private wantEnd(rows: Rows): void {
    rows.want(Math.max(0, Math.floor(this.count - this.rowsInSight)), this.count)
  }

  private measure(): void {
    this.look.width = Infinity
    if (!this.wrapped) return
    const [first] = this.painter.drawn
    if (this.letterWidth === 0) {
      const probe = document.createElement('span')
      probe.textContent = '0'.repeat(100)
      this.painter.layer.append(probe)
      this.letterWidth = probe.getBoundingClientRect().width / 100
      probe.remove()
    }
    const left = first?.text.offsetLeft ?? 0
    const room = this.scroller.clientWidth - left - kRowHeight
    if (this.letterWidth > 0) this.look.width = Math.max(20, Math.floor(room / this.letterWidth))
  }

  private place(): void {
    // Broken lines may be more than their rows: there must be room to scroll.
    const least = this.wrapped && this.lastTop > 0 ? this.scroller.clientHeight * 2 : 0
    this.spacer.style.height = `${Math.max(this.height, least)}px`
    const room = Math.max(0, this.spacer.clientHeight - this.scroller.clientHeight)
    const wanted = this.scaled ? (this.top / Math.max(0.001, this.lastTop)) * room : this.top * kRowHeight
    if (Math.abs(this.scroller.scrollTop - wanted) >= 1) this.scroller.scrollTop = wanted
    this.ownScroll = this.scroller.scrollTop
  }
}

// Draws a LogView: only the rows in sight are in the document, all of one height, made of text nodes. No
// React: output never passes through component state. Past the tallest element a browser allows the scroll
// bar is scaled.
import { type Run, type Style, parseAnsi } from '@/modules/console/ansi'
import { shownText } from '@/modules/console/line-text'
import { bytes } from '@/lib/format'
import type { LogView } from '@/modules/console/log-store'

const kRowHeight = 18
const kMaxHeight = 8_000_000
const kSpareRows = 6

export interface Columns {
  host: boolean
  number: boolean
}

interface DrawnRow {
  element: HTMLElement
  number: HTMLElement
  host: HTMLElement
  text: HTMLElement
  key: string
}

export class ConsoleView {
  private readonly spacer = document.createElement('div')
  private readonly layer = document.createElement('div')
  private readonly drawn: DrawnRow[] = []
  private view: LogView | undefined
  private columns: Columns = { host: true, number: false }
  private found = '' // lower case; marked where it is in sight
  private current: number | undefined // row of the hit one is at
  private top = 0 // first row in sight, counted from view.first; may be a fraction
  private lastFirst = 0
  private frame = 0
  private ownScroll = -1
  private following = true
  private readonly resized: ResizeObserver

  constructor(
    private readonly scroller: HTMLElement,
    private readonly onFollow: (following: boolean) => void,
  ) {
    this.spacer.className = 'console-spacer'
    this.layer.className = 'console-layer'
    this.spacer.append(this.layer)
    scroller.append(this.spacer)
    scroller.addEventListener('scroll', this.scrolled)
    scroller.addEventListener('wheel', this.wheeled, { passive: false })
    scroller.addEventListener('keydown', this.pressed)
    this.resized = new ResizeObserver(() => this.refresh())
    this.resized.observe(scroller)
  }

  destroy(): void {
    cancelAnimationFrame(this.frame)
    this.resized.disconnect()
    this.scroller.removeEventListener('scroll', this.scrolled)
    this.scroller.removeEventListener('wheel', this.wheeled)
    this.scroller.removeEventListener('keydown', this.pressed)
    this.spacer.remove()
  }

  show(view: LogView, columns: Columns): void {
    this.view = view
    this.columns = columns
    this.lastFirst = view.first
    this.current = undefined
    this.forget()
    this.setFollow(true)
  }

  // Something was added: draws with the next frame.
  refresh = (): void => {
    if (this.frame === 0) this.frame = requestAnimationFrame(this.draw)
  }

  setFollow(on: boolean): void {
    if (on !== this.following) {
      this.following = on
      this.onFollow(on)
    }
    if (on) this.refresh()
  }

  toStart(): void {
    this.setFollow(false)
    this.moveTo(0)
  }

  // Marks `text` wherever it is in sight.
  mark(text: string): void {
    this.found = text.toLowerCase()
    this.current = undefined
    this.forget()
  }

  goTo(row: number): void {
    this.current = row
    this.setFollow(false)
    const top = row - (this.view?.first ?? 0)
    if (top < this.top || top > this.top + this.rowsInSight - 1)
      this.moveTo(top - Math.floor(this.rowsInSight / 2))
    this.forget()
  }

  get firstInSight(): number {
    return (this.view?.first ?? 0) + Math.floor(this.top)
  }

  private get count(): number {
    return this.view ? this.view.end - this.view.first : 0
  }
  private get rowsInSight(): number {
    return this.scroller.clientHeight / kRowHeight
  }
  private get lastTop(): number {
    return Math.max(0, this.count - this.rowsInSight)
  }
  private get height(): number {
    return Math.min(kMaxHeight, this.count * kRowHeight)
  }
  private get scaled(): boolean {
    return this.count * kRowHeight > kMaxHeight
  }

  private moveTo(top: number): void {
    this.top = Math.max(0, Math.min(this.lastTop, top))
    this.refresh()
  }

  private readonly scrolled = (): void => {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller
    if (Math.abs(scrollTop - this.ownScroll) < 1) return
    this.ownScroll = scrollTop
    const room = Math.max(1, this.height - clientHeight)
    this.top = this.scaled ? (scrollTop / room) * this.lastTop : scrollTop / kRowHeight
    // The end of what is drawn: lines that came since must not look like scrolling up, nor a resized window.
    this.setFollow(scrollTop + clientHeight >= scrollHeight - kRowHeight / 2)
    this.refresh()
  }

  private readonly wheeled = (event: WheelEvent): void => {
    if (!this.scaled || event.ctrlKey || event.deltaY === 0) return
    event.preventDefault()
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY : event.deltaY / kRowHeight
    this.stepBy(Math.sign(lines) * Math.max(1, Math.round(Math.abs(lines))))
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
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

  private stepBy(rows: number): void {
    this.moveTo(Math.round(this.top) + rows)
    this.setFollow(this.top >= this.lastTop - 0.5)
  }

  private readonly draw = (): void => {
    this.frame = 0
    const view = this.view
    if (!view) return
    // What was dropped at the front must not move what is being read.
    if (view.first > this.lastFirst) this.top = Math.max(0, this.top - (view.first - this.lastFirst))
    this.lastFirst = view.first
    if (this.following) this.top = this.lastTop
    else this.top = Math.min(this.top, this.lastTop)
    this.place()
    const from = Math.max(0, Math.floor(this.top) - (this.scaled ? 0 : kSpareRows))
    const to = Math.min(this.count, Math.ceil(this.top + this.rowsInSight) + kSpareRows)
    const offset = this.scaled ? this.scroller.scrollTop - (this.top % 1) * kRowHeight : from * kRowHeight
    this.layer.style.transform = `translateY(${offset}px)`
    for (let at = from; at < to; at += 1) this.drawRow(this.rowElement(at - from), view, view.first + at)
    for (let at = Math.max(0, to - from); at < this.drawn.length; at += 1) this.hide(this.drawn[at])
  }

  private place(): void {
    this.spacer.style.height = `${this.height}px`
    const room = Math.max(0, this.height - this.scroller.clientHeight)
    const wanted = this.scaled ? (this.top / Math.max(1, this.lastTop)) * room : this.top * kRowHeight
    if (Math.abs(this.scroller.scrollTop - wanted) >= 1) this.scroller.scrollTop = wanted
    this.ownScroll = this.scroller.scrollTop
  }

  private rowElement(at: number): DrawnRow {
    const known = this.drawn[at]
    if (known) return known
    const make = (name: string) => {
      const element = document.createElement('span')
      element.className = name
      return element
    }
    const row = {
      element: document.createElement('div'),
      number: make('console-number'),
      host: make('console-host'),
      text: make('console-text'),
      key: '',
    }
    row.element.className = 'console-row'
    row.element.append(row.number, row.host, row.text)
    this.layer.append(row.element)
    this.drawn.push(row)
    return row
  }

  private hide(row: DrawnRow | undefined): void {
    if (!row || row.key === 'hidden') return
    row.key = 'hidden'
    row.element.classList.add('console-hidden')
    row.text.replaceChildren()
  }

  private forget(): void {
    for (const row of this.drawn) row.key = ''
    this.refresh()
  }

  private drawRow(drawn: DrawnRow, view: LogView, number: number): void {
    const row = view.row(number)
    const marked = this.current === number
    const key = `${number}/${row?.length ?? -1}/${row?.open}/${marked}`
    if (drawn.key === key) return
    drawn.key = key
    const stderr = row?.source.stream === 'stderr'
    drawn.element.classList.remove('console-hidden')
    drawn.element.classList.toggle('console-stderr', stderr)
    drawn.element.classList.toggle('console-marked', marked)
    drawn.number.hidden = !this.columns.number
    drawn.host.hidden = !this.columns.host
    drawn.number.textContent = row ? String(row.line + 1) : ''
    drawn.host.textContent = row?.source.host ?? ''
    if (!row) return drawn.text.replaceChildren('(dropped from this page; the download has it)')
    drawn.text.replaceChildren(...parseAnsi(shownText(row)).flatMap((run) => this.nodes(run)))
    if (row.length > row.bytes.length)
      drawn.text.append(this.note(` … ${bytes(row.length)} in this line, see the download`))
  }

  private note(text: string): Node {
    const note = document.createElement('span')
    note.className = 'console-note'
    note.append(text)
    return note
  }

  private nodes(run: Run): Node[] {
    const nodes: Node[] = []
    const lower = this.found ? run.text.toLowerCase() : ''
    let at = 0
    // Lower case may be longer than the text in a few scripts; then places do not fit and nothing is marked.
    const comparable = lower.length === run.text.length
    while (this.found && comparable) {
      const hit = lower.indexOf(this.found, at)
      if (hit < 0) break
      if (hit > at) nodes.push(styled(run.text.slice(at, hit), run.style))
      const mark = document.createElement('mark')
      mark.append(run.text.slice(hit, hit + this.found.length))
      nodes.push(mark)
      at = hit + this.found.length
    }
    if (at < run.text.length) nodes.push(styled(run.text.slice(at), run.style))
    return nodes
  }
}

function styled(text: string, style: Style | undefined): Node {
  const node = document.createTextNode(text)
  if (!style) return node
  const span = document.createElement('span')
  const fg = style.inverse ? style.bg || 'inverse' : style.fg
  const bg = style.inverse ? style.fg || 'inverse' : style.bg
  const names: string[] = []
  if (style.bold) names.push('ansi-bold')
  if (style.dim) names.push('ansi-dim')
  if (style.italic) names.push('ansi-italic')
  if (style.underline) names.push('ansi-underline')
  if (style.strike) names.push('ansi-strike')
  // Set through the object model: the content policy refuses style attributes, not properties.
  if (fg.startsWith('#')) span.style.color = fg
  else if (fg) names.push(`ansi-fg-${fg}`)
  if (bg.startsWith('#')) span.style.backgroundColor = bg
  else if (bg) names.push(`ansi-bg-${bg}`)
  span.className = names.join(' ')
  span.append(node)
  return span
}

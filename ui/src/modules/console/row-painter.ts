// The elements of the rows in sight: made once, filled again and again, of text nodes only.
import { bytes } from '@/lib/format'
import { type Style, parseAnsi } from '@/modules/console/ansi'
import { type Part, layOut, rangesOf, shownText } from '@/modules/console/line-text'
import type { LineRow, Row } from '@/modules/console/log-row'

export const kRowHeight = 18

export interface Columns {
  host: boolean
}

export interface DrawnRow {
  element: HTMLElement
  number: HTMLElement
  host: HTMLElement
  text: HTMLElement
  key: string
  row: number
  line: LineRow | undefined
}

export interface Look {
  columns: Columns
  hit: RegExp | undefined // what is looked for
  width: number // columns of text before a line is broken; Infinity: never
  failing: boolean // what is not there yet could not be fetched
  current: (row: number) => boolean
  chosen: (row: number) => boolean
}

export class RowPainter {
  readonly drawn: DrawnRow[] = []
  readonly layer = document.createElement('div')

  constructor(private readonly expand: (line: LineRow) => void) {
    this.layer.className = 'console-layer'
  }

  // The row an element is in.
  rowOf(target: EventTarget | null): DrawnRow | undefined {
    const element = target instanceof Element ? target.closest('.console-row') : null
    return element ? this.drawn.find((each) => each.element === element && each.key !== 'hidden') : undefined
  }

  element(at: number): DrawnRow {
    const known = this.drawn[at]
    if (known) return known
    const make = (name: string) => {
      const element = document.createElement('span')
      element.className = name
      return element
    }
    const made: DrawnRow = {
      element: document.createElement('div'),
      number: make('console-number'),
      host: make('console-host'),
      text: make('console-text'),
      key: '',
      row: -1,
      line: undefined,
    }
    made.element.className = 'console-row'
    made.element.append(made.number, made.host, made.text)
    this.layer.append(made.element)
    this.drawn.push(made)
    return made
  }

  hideFrom(at: number): void {
    for (const row of this.drawn.slice(at)) {
      if (row.key === 'hidden') continue
      row.key = 'hidden'
      row.line = undefined
      row.element.classList.add('console-hidden')
      row.text.replaceChildren()
    }
  }

  forget(): void {
    for (const row of this.drawn) row.key = ''
  }

  draw(drawn: DrawnRow, at: number, row: Row, look: Look): void {
    const current = look.current(at)
    const chosen = look.chosen(at)
    drawn.row = at
    const key = `${at}/${keyOf(row, look)}/${current}/${chosen}/${look.width}`
    if (drawn.key === key) return
    drawn.key = key
    const line = row.kind === 'line' ? row : undefined
    drawn.line = line
    const names = drawn.element.classList
    names.remove('console-hidden')
    names.toggle('console-stderr', line?.stream.stream === 'stderr')
    names.toggle('console-marked', current)
    names.toggle('console-chosen', chosen)
    drawn.number.textContent = line ? String(line.number) : ''
    drawn.host.hidden = !look.columns.host
    drawn.host.textContent = line ? line.stream.host : ''
    drawn.host.title = line?.stream.host ?? ''
    drawn.element.style.height = `${kRowHeight}px`
    if (line) this.fill(drawn, line, look)
    else drawn.text.replaceChildren(note(row, look.failing))
  }

  private fill(drawn: DrawnRow, line: LineRow, look: Look): void {
    const { parts, rows } = laidOut(line, look)
    if (rows > 1) drawn.element.style.height = `${kRowHeight * rows}px`
    drawn.text.replaceChildren(...parts.map(node))
    if (!line.cut) return
    const more = document.createElement('button')
    more.type = 'button'
    more.className = 'console-more'
    more.textContent = `show all${line.length > line.bytes.length + 1 ? ` ${bytes(line.length)}` : ''}`
    more.addEventListener('click', (event) => {
      event.stopPropagation()
      this.expand(line)
    })
    drawn.text.append(' … ', more)
  }
}

// How many rows of the screen a row takes.
export function heightOf(row: Row, look: Look): number {
  if (look.width === Infinity || row.kind !== 'line' || row.bytes.length <= look.width / 8) return 1
  return laidOut(row, look).rows
}

function laidOut(line: LineRow, look: Look): { parts: Part[]; rows: number } {
  const runs = parseAnsi(shownText(line))
  const text = look.hit ? runs.map((run) => run.text).join('') : ''
  return layOut(runs, rangesOf(text, look.hit), look.width)
}

function keyOf(row: Row, look: Look): string {
  if (row.kind === 'loading') return look.failing ? 'failing' : 'loading'
  if (row.kind === 'gap') return `gap ${row.host} ${row.bytes}`
  return `${row.stream.key}:${row.number}:${row.bytes.length}:${row.open}:${row.cut}`
}

function note(row: Row, failing: boolean): Node {
  const element = document.createElement('span')
  element.className = 'console-note'
  if (row.kind === 'gap')
    element.append(`${bytes(row.bytes)} missing${row.host ? ` from ${row.host}` : ''}, asking again`)
  else element.append(failing ? 'Could not be loaded, asking again' : '…')
  return element
}

function node({ text, style, hit }: Part): Node {
  const shown = styled(text, style)
  if (!hit) return shown
  const mark = document.createElement('mark')
  mark.append(shown)
  return mark
}

function styled(text: string, style: Style | undefined): Node {
  const content = document.createTextNode(text)
  if (!style) return content
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
  span.append(content)
  return span
}

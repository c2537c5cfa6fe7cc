// Choosing lines with the pointer: a click one, Shift and a click or a drag a range. Dragging within one
// line selects its text, as everywhere.
import type { RowPainter } from '@/modules/console/row-painter'

export interface RowRange {
  from: number
  to: number
}

const kEdgePx = 4

export class RowChoice {
  range: RowRange | undefined
  private anchor: number | undefined
  private dragging: { row: number; y: number; moved: boolean } | undefined

  constructor(
    private readonly scroller: HTMLElement,
    private readonly painter: RowPainter,
    private readonly changed: (range: RowRange | undefined) => void,
  ) {
    scroller.addEventListener('pointerdown', this.pressed)
    scroller.addEventListener('pointermove', this.moving)
    scroller.addEventListener('pointerup', this.released)
    scroller.addEventListener('pointercancel', this.cancelled)
  }

  destroy(): void {
    this.scroller.removeEventListener('pointerdown', this.pressed)
    this.scroller.removeEventListener('pointermove', this.moving)
    this.scroller.removeEventListener('pointerup', this.released)
    this.scroller.removeEventListener('pointercancel', this.cancelled)
  }

  has(row: number): boolean {
    return this.range !== undefined && row >= this.range.from && row <= this.range.to
  }

  choose(from: number, to: number): void {
    this.anchor = from
    this.set({ from: Math.min(from, to), to: Math.max(from, to) })
  }

  clear(): void {
    this.anchor = undefined
    if (this.range) this.set(undefined)
  }

  moved(by: number): void {
    if (this.anchor !== undefined) this.anchor += by
    if (this.range) this.range = { from: this.range.from + by, to: this.range.to + by }
  }

  private set(range: RowRange | undefined): void {
    this.range = range
    this.changed(range)
  }

  private readonly pressed = (event: PointerEvent): void => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button'))) return
    const row = this.painter.rowOf(event.target)?.row
    if (row === undefined) return
    if (event.shiftKey && this.anchor !== undefined) {
      event.preventDefault()
      const { anchor } = this
      this.set({ from: Math.min(anchor, row), to: Math.max(anchor, row) })
      return
    }
    this.dragging = { row, y: event.clientY, moved: false }
  }

  private readonly moving = (event: PointerEvent): void => {
    const { dragging } = this
    if (!dragging || event.pointerType === 'touch') return
    if (!dragging.moved && Math.abs(event.clientY - dragging.y) < kEdgePx) return
    const under = document.elementFromPoint(event.clientX, event.clientY)
    const row = this.painter.rowOf(under)?.row
    if (row === undefined || (row === dragging.row && !dragging.moved)) return
    dragging.moved = true
    window.getSelection()?.removeAllRanges()
    this.choose(dragging.row, row)
  }

  private readonly released = (event: PointerEvent): void => {
    const { dragging } = this
    this.dragging = undefined
    if (!dragging || dragging.moved) return
    const text = window.getSelection()?.toString() ?? ''
    const row = this.painter.rowOf(event.target)?.row
    if (text === '' && row === dragging.row) this.choose(row, row)
  }

  private readonly cancelled = (): void => {
    this.dragging = undefined
  }
}

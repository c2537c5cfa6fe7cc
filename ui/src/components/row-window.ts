// Which rows of a long table are in the DOM. All rows have one height, measured from the first one shown;
// what lies outside the view are two spacers. The table's own scroll area is the view.
import { useState, useSyncExternalStore } from 'react'

const kSpareRows = 12
const kStepRows = 4 // the range moves in steps, not with every pixel
const kUnmeasured = { scrolledPx: 0, viewPx: 1200, rowPx: 36 }

interface Range {
  first: number
  end: number // one past the last
}

export function rowRange(count: number, rowPx: number, scrolledPx: number, viewPx: number): Range {
  const last = Math.max(0, count - 1)
  const first = Math.min(last, Math.max(0, Math.floor(scrolledPx / rowPx) - kSpareRows))
  const end = Math.min(count, Math.ceil((scrolledPx + viewPx) / rowPx) + kSpareRows)
  return { first, end: Math.max(end, Math.min(count, first + 1)) }
}

// Watches the scroll area. `attach` is its ref.
class RowView {
  private element: HTMLElement | undefined
  private state = kUnmeasured
  private readonly listeners = new Set<() => void>()

  attach = (element: HTMLElement | null): (() => void) | undefined => {
    if (!element) return undefined
    this.element = element
    element.addEventListener('scroll', this.look, { passive: true })
    const sizes = new ResizeObserver(this.look)
    sizes.observe(element)
    this.look()
    return () => {
      element.removeEventListener('scroll', this.look)
      sizes.disconnect()
    }
  }

  listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  snapshot = () => this.state

  reveal = (index: number): void => {
    if (!this.element) return
    const middle = (this.element.clientHeight - this.state.rowPx) / 2
    this.element.scrollTop = Math.max(0, index * this.state.rowPx - middle)
    this.look()
  }

  private look = (): void => {
    const viewPx = this.element?.clientHeight ?? 0
    if (!this.element || viewPx === 0) return
    const row = this.element.querySelector<HTMLElement>('tr[data-index]')
    const rowPx = row?.offsetHeight || this.state.rowPx
    const stepPx = rowPx * kStepRows
    const scrolledPx = Math.floor(this.element.scrollTop / stepPx) * stepPx
    const old = this.state
    if (old.scrolledPx === scrolledPx && old.viewPx === viewPx && old.rowPx === rowPx) return
    this.state = { scrolledPx, viewPx, rowPx }
    for (const listener of this.listeners) listener()
  }
}

export function useRowWindow(count: number, enabled: boolean) {
  const [view] = useState(() => new RowView())
  const { scrolledPx, viewPx, rowPx } = useSyncExternalStore(view.listen, view.snapshot)
  const stepPx = rowPx * kStepRows
  const range = enabled ? rowRange(count, rowPx, scrolledPx, viewPx + stepPx) : { first: 0, end: count }
  return {
    ...range,
    abovePx: range.first * rowPx,
    belowPx: (count - range.end) * rowPx,
    attach: view.attach,
    reveal: view.reveal,
  }
}

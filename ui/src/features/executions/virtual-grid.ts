// Which rows of a grid of equal cells are in view. Pure but for the measuring hook.
import { type RefObject, useLayoutEffect, useState } from 'react'

const kSpareRows = 6

export interface Box {
  widthPx: number
  heightPx: number
  scrolledPx: number
}

export interface GridRows {
  columns: number
  rows: number
  first: number
  end: number // one past the last
}

export function gridRows(count: number, cellPx: number, rowPx: number, gapPx: number, box: Box): GridRows {
  const columns = Math.max(1, Math.floor((box.widthPx + gapPx) / (cellPx + gapPx)))
  const rows = Math.ceil(count / columns)
  const first = Math.max(0, Math.min(rows - 1, Math.floor(box.scrolledPx / rowPx)) - kSpareRows)
  const end = Math.min(rows, Math.ceil((box.scrolledPx + box.heightPx) / rowPx) + kSpareRows)
  return { columns, rows, first, end }
}

const kUnmeasured: Box = { widthPx: 880, heightPx: 400, scrolledPx: 0 }

// The scroll position moves in whole rows: within one nothing is drawn again.
export function useBox(scroller: RefObject<HTMLElement | null>, rowPx: number): Box {
  const [box, setBox] = useState(kUnmeasured)
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const look = () => {
      if (element.clientWidth === 0) return
      const scrolledPx = Math.floor(element.scrollTop / rowPx) * rowPx
      const next = { widthPx: element.clientWidth, heightPx: element.clientHeight, scrolledPx }
      setBox((old) => (JSON.stringify(old) === JSON.stringify(next) ? old : next))
    }
    const sizes = new ResizeObserver(look)
    sizes.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    look()
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller, rowPx])
  return box
}

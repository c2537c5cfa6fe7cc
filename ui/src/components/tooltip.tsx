// One tooltip for many things: whatever inside has data-tip is described by `describe(data-tip)` when the
// pointer rests on it or it has focus. Escape hides it; the pointer may move onto it.
import { type ReactNode, useEffect, useRef, useState } from 'react'

import { cx } from '@/components/class-names'

const kGapPx = 6
const kEdgePx = 8
const kWidestPx = 320

interface Place {
  tip: string
  left: number
  top: number
  above: boolean
}

interface Props {
  describe: (tip: string) => ReactNode
  children: ReactNode
  className?: string
}

export function TooltipArea({ describe, children, className }: Props) {
  const [place, setPlace] = useState<Place>()
  const area = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = area.current
    if (!element) return
    const show = (event: Event) => setPlace(placeOf(event.target))
    const hide = () => setPlace(undefined)
    const left = (event: PointerEvent) => {
      if (!(event.relatedTarget instanceof Node && element.contains(event.relatedTarget))) hide()
    }
    const pressed = (event: KeyboardEvent) => event.key === 'Escape' && hide()
    element.addEventListener('pointerover', show)
    element.addEventListener('focusin', show)
    element.addEventListener('pointerout', left)
    element.addEventListener('focusout', hide)
    element.addEventListener('scroll', hide, true)
    window.addEventListener('keydown', pressed)
    return () => {
      element.removeEventListener('pointerover', show)
      element.removeEventListener('focusin', show)
      element.removeEventListener('pointerout', left)
      element.removeEventListener('focusout', hide)
      element.removeEventListener('scroll', hide, true)
      window.removeEventListener('keydown', pressed)
    }
  }, [])
  const content = place && describe(place.tip)
  return (
    <div ref={area} className={className}>
      {children}
      {place && content && (
        <div
          role="tooltip"
          data-tip={place.tip}
          style={{ left: place.left, top: place.top, maxWidth: kWidestPx }}
          className={cx(
            'fixed z-40 rounded-md border border-line2 bg-surface px-2.5 py-1.5 text-small shadow-float',
            place.above && '-translate-y-full',
          )}
        >
          {content}
        </div>
      )}
    </div>
  )
}

function placeOf(target: EventTarget | null): Place | undefined {
  if (!(target instanceof Element)) return undefined
  const own = target.closest<HTMLElement>('[role="tooltip"]')
  const element = target.closest<HTMLElement>('[data-tip]')
  const tip = element?.dataset['tip']
  if (!element || tip === undefined) return undefined
  if (own) {
    const box = own.getBoundingClientRect()
    const above = own.classList.contains('-translate-y-full')
    return { tip, left: box.left, top: above ? box.bottom : box.top, above }
  }
  const box = element.getBoundingClientRect()
  const above = box.bottom > window.innerHeight * 0.7
  const left = Math.max(kEdgePx, Math.min(box.left, window.innerWidth - kWidestPx - kEdgePx))
  return { tip, left, top: above ? box.top - kGapPx : box.bottom + kGapPx, above }
}

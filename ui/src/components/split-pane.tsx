// The movable edge between two panes: by pointer, or by arrow keys when it has focus. A double click gives
// the first width again.
import { type KeyboardEvent, type PointerEvent, useState } from 'react'

import { cx } from '@/components/class-names'

const kStepPx = 16

interface Props {
  label: string
  width: number // of the pane before it, in pixels
  least: number
  most: number
  initial: number
  onWidth: (width: number) => void // when it is settled
  onDrag: (width: number | undefined) => void // while it moves
  className?: string
}

export function SplitHandle({ label, width, least, most, initial, onWidth, onDrag, className }: Props) {
  const [grip, setGrip] = useState<{ x: number; width: number }>()
  const within = (value: number) => Math.round(Math.max(least, Math.min(most, value)))
  const at = (event: PointerEvent) =>
    within((grip?.width ?? width) + event.clientX - (grip?.x ?? event.clientX))
  const pressed = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -kStepPx, ArrowRight: kStepPx, Home: least - width, End: most - width }[event.key]
    if (by === undefined) return
    event.preventDefault()
    onWidth(within(width + by))
  }
  return (
    // A separator that can be moved is a control.
    /* eslint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */
    <div
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onKeyDown={pressed}
      onDoubleClick={() => onWidth(initial)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setGrip({ x: event.clientX, width })
      }}
      onPointerMove={(event) => grip && onDrag(at(event))}
      onPointerUp={(event) => {
        if (!grip) return
        onWidth(at(event))
        onDrag(undefined)
        setGrip(undefined)
      }}
      onPointerCancel={() => {
        onDrag(undefined)
        setGrip(undefined)
      }}
      className={cx(
        'relative -mx-1 w-2 shrink-0 cursor-col-resize touch-none select-none',
        'before:absolute before:inset-y-0 before:left-1 before:w-px before:bg-line hover:before:bg-accent',
        grip && 'before:bg-accent',
        className,
      )}
    />
    /* eslint-enable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */
  )
}

// A bar on a time scale, with a notch where the scale is folded. Decoration: the words beside it say it too.
import { cx } from '@/components/class-names'

interface Props {
  left: number | undefined // percent; nothing: an empty track
  width: number | undefined
  notches: readonly { at: number; width: number }[] // percent
  colour: string // a background class
  className?: string
}

export function DurationBar({ left, width, notches, colour, className }: Props) {
  return (
    <span aria-hidden className={cx('relative block h-1 overflow-hidden rounded-full bg-line', className)}>
      {left !== undefined && width !== undefined && (
        <span
          className={cx('absolute inset-y-0 rounded-full', colour)}
          style={{ left: `${left}%`, width: `${width}%` }}
        />
      )}
      {notches.map((notch) => (
        <span
          key={notch.at}
          className="absolute inset-y-0 w-[3px] -translate-x-1/2 bg-surface"
          style={{ left: `${notch.at + notch.width / 2}%` }}
        />
      ))}
    </span>
  )
}

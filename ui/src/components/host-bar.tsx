// How far the hosts of a run are: good, bad and still to come as one bar, with the figures beside it.
import { cx } from '@/components/class-names'
import { count } from '@/lib/format'

interface Props {
  total: number
  success: number
  failed: number
  className?: string
}

export function HostBar({ total, success, failed, className }: Props) {
  if (total === 0) return <span className="text-mute">no host yet</span>
  const part = (value: number) => ({ width: `${(100 * value) / total}%` })
  const sentence =
    `${count(success)} of ${count(total)} hosts done` + (failed > 0 ? `, ${count(failed)} failed` : '')
  return (
    <span className={cx('inline-flex items-center gap-2', className)}>
      <span aria-hidden className="flex h-1.5 w-24 overflow-hidden rounded-full bg-line">
        <span className="bg-success" style={part(success)} />
        <span className="bg-failed" style={part(failed)} />
      </span>
      <span className="tabular text-small whitespace-nowrap text-mute">
        <span className="sr-only">{sentence}</span>
        <span aria-hidden>
          {count(success)} / {count(total)}
          {failed > 0 && <span className="text-failed"> · {count(failed)} failed</span>}
        </span>
      </span>
    </span>
  )
}

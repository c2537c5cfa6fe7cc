import { ago, exactTime } from '@/lib/time'
import { useNow } from '@/lib/use-now'

export function TimeAgo({ time }: { time: string | null }) {
  const now = useNow()
  if (!time) return <span className="text-faint">never</span>
  return (
    <time dateTime={time} title={exactTime(time)}>
      {ago(time, now)}
    </time>
  )
}

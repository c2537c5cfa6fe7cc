// Says when live updates are lost, how old the page is, and when they are back.
import { TriangleAlert, Wifi, WifiOff } from 'lucide-react'
import { useEffect, useState } from 'react'

import { cx } from '@/components/class-names'
import { Button } from '@/components/button'
import { live, useConnection } from '@/lib/live'
import { clockTime } from '@/lib/time'
import { useNow } from '@/lib/use-now'

const kPatienceMs = 2_000
const kBackMs = 5_000

export function ConnectionState() {
  const { phase } = useConnection()
  const isLive = phase === 'live'
  const Icon = isLive ? Wifi : WifiOff
  const word = isLive ? 'Live' : phase === 'lost' ? 'Not live' : 'Connecting'
  return (
    <span className={cx('inline-flex items-center gap-1.5', isLive ? 'text-success' : 'text-mute')}>
      <Icon aria-hidden size={15} />
      <span className="max-md:sr-only">{word}</span>
    </span>
  )
}

export function ConnectionBar() {
  const { phase, restored } = useConnection()
  return (
    <div aria-live="polite">
      {phase === 'lost' && <LostBar />}
      {phase === 'live' && restored > 0 && <BackBar key={restored} />}
    </div>
  )
}

function LostBar() {
  const { lostAt, retryAt, reachable } = useConnection()
  const now = useNow()
  if (lostAt === undefined || now - lostAt < kPatienceMs) return null
  const seconds = retryAt === undefined ? undefined : Math.max(0, Math.ceil((retryAt - now) / 1000))
  return (
    <div
      className={cx(
        'flex flex-wrap items-center gap-3 border-b px-4 py-2',
        reachable ? 'border-waiting text-waiting' : 'border-failed text-failed',
      )}
    >
      <TriangleAlert aria-hidden size={16} className="shrink-0" />
      <span className="font-semibold">
        {reachable ? 'Live updates lost.' : 'The controller cannot be reached.'}
      </span>
      <span className="tabular text-fg">
        Showing {clockTime(lostAt)}.{' '}
        <span aria-hidden>{seconds === undefined ? 'Retrying now' : `Retrying in ${seconds} s`}</span>
      </span>
      <Button className="ml-auto" onClick={() => live.retryNow()}>
        Retry now
      </Button>
    </div>
  )
}

function BackBar() {
  const [shown, setShown] = useState(true)
  useEffect(() => {
    const timer = setTimeout(() => setShown(false), kBackMs)
    return () => clearTimeout(timer)
  }, [])
  if (!shown) return null
  return (
    <div className="flex items-center gap-3 border-b border-line bg-raised px-4 py-2 text-success">
      <Wifi aria-hidden size={16} />
      Live again. Everything missed is being caught up.
    </div>
  )
}

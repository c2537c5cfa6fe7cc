// The left bar: where to go, and at its foot how the fleet is.
import { NavLink } from 'react-router'

import { cx } from '@/components/class-names'
import { count } from '@/lib/format'
import { paths } from '@/lib/paths'
import { useMe } from '@/lib/use-me'
import { useWaitingApprovals } from '@/modules/approvals/waiting'
import { useAgentTotals } from '@/modules/fleet/api'
import { usePlaces } from '@/app/places'

interface Props {
  narrow: boolean
  className: string
  onNavigate?: () => void
}

export function Nav({ narrow, className, onNavigate }: Props) {
  const places = usePlaces()
  return (
    <div className={cx('flex shrink-0 flex-col border-r border-line bg-surface', className)}>
      <div className="flex h-11.5 items-center gap-2 border-b border-line px-3.5">
        <Logo />
        {!narrow && <span className="font-semibold">Runbook Studio</span>}
      </div>
      <nav aria-label="Main" className="flex flex-1 flex-col gap-1.5 p-2 pt-3">
        {places.map(({ to, name, icon: Icon }) => (
          <NavLink
            key={to}
            to={to}
            end={to === '/'}
            onClick={onNavigate}
            title={narrow ? name : undefined}
            className={({ isActive }) =>
              cx(
                'relative flex h-7 items-center gap-3 rounded-md px-2.5 font-medium max-md:h-11',
                isActive ? 'bg-accent-bg text-accent' : 'text-mute hover:bg-raised hover:text-fg',
              )
            }
          >
            <Icon aria-hidden size={16} className="shrink-0" />
            <span className={cx(narrow && 'sr-only')}>{name}</span>
            {to === paths.approvals && <WaitingCount narrow={narrow} />}
          </NavLink>
        ))}
      </nav>
      {!narrow && <Foot />}
    </div>
  )
}

// How many commands wait for this person's approval.
function WaitingCount({ narrow }: { narrow: boolean }) {
  const waiting = useWaitingApprovals()
  if (!waiting || waiting.mine.length === 0) return null
  const text = count(waiting.mine.length) + (waiting.more ? '+' : '')
  return (
    <span
      className={cx(
        'tabular ml-auto flex h-4.5 min-w-4.5 items-center justify-center rounded-full',
        'bg-waiting px-1 text-[11px]/[14px] font-semibold text-surface',
        narrow && 'absolute top-0 right-0',
      )}
    >
      <span aria-hidden>{text}</span>
      <span className="sr-only"> {text} waiting for you</span>
    </span>
  )
}

function Logo() {
  return (
    <svg aria-hidden viewBox="0 0 20 20" className="size-5 shrink-0">
      <rect width="20" height="20" rx="4.5" className="fill-accent" />
      <path
        d="M7 5.2v9.6c0 .5.5.8.9.5l7.2-4.8a.6.6 0 0 0 0-1L7.9 4.7c-.4-.3-.9 0-.9.5z"
        className="fill-on-accent"
      />
    </svg>
  )
}

function Foot() {
  const totals = useAgentTotals()
  const me = useMe()
  return (
    <dl
      className={cx(
        'm-2 grid grid-cols-[1fr_auto] gap-y-1',
        'rounded-lg border border-line px-2.5 py-2 text-small',
      )}
    >
      <dt className="text-mute">Agents</dt>
      <dd className="tabular text-right font-semibold whitespace-nowrap">
        {totals ? `${count(totals.online)} / ${count(totals.total)}` : '–'}
        <span className="sr-only"> online</span>
      </dd>
      <dt className="text-mute">Controller</dt>
      <dd className="text-right text-mute">{me.data ? `v${me.data.version}` : '–'}</dd>
    </dl>
  )
}

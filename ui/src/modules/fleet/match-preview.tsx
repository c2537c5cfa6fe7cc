// What targets match at this moment, in words that are true: exact counts, who is offline.
import { CircleX, Server, TriangleAlert } from 'lucide-react'
import { useId, useState } from 'react'

import { cx } from '@/components/class-names'
import { StatusText } from '@/components/status'
import { count, counted } from '@/lib/format'
import type { Agent, AgentMatches } from '@/lib/model'

const kNames = 8
const kAwayNames = 3
// Over this share of the fleet a choice is worth a second look; in a small fleet a share says little.
const kLargeShare = 0.5
const kSmallFleet = 10

interface Props {
  matches: AgentMatches | undefined
  stale: boolean // a newer answer is on its way
  total?: number | undefined // hosts in the fleet
}

export function MatchPreview({ matches, stale, total }: Props) {
  const id = useId()
  const [all, setAll] = useState(false)
  if (!matches) return null
  const away = matches.items.filter((agent) => agent.status !== 'online')
  return (
    <div aria-live="polite" aria-busy={stale} className={cx('flex flex-col gap-2', stale && 'opacity-70')}>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Headline matched={matches.matched} total={total} />
        {matches.matched > 0 && <StatusText status="online">{`${count(matches.online)} online`}</StatusText>}
        {matches.matched > matches.online && (
          <StatusText status="offline">{awayText(matches.matched - matches.online, away)}</StatusText>
        )}
        {matches.matched > kNames && (
          <button
            type="button"
            aria-expanded={all}
            aria-controls={id}
            onClick={() => setAll(!all)}
            className="ml-auto inline-flex min-h-6 items-center text-accent underline max-md:min-h-11"
          >
            {all ? 'Show fewer' : 'Show all'}
          </button>
        )}
      </p>
      {isLarge(matches.matched, total) && (
        <p className="flex items-start gap-2 text-waiting">
          <TriangleAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
          This is {Math.round((100 * matches.matched) / (total ?? 1))}% of all hosts.
        </p>
      )}
      {matches.matched > 0 && <Names id={id} matches={matches} all={all} />}
    </div>
  )
}

function Headline({ matched, total }: { matched: number; total: number | undefined }) {
  if (matched === 0)
    return (
      <span className="inline-flex items-center gap-2 font-semibold text-failed">
        <CircleX aria-hidden size={15} />
        Matches no host
      </span>
    )
  const whole = total !== undefined && total >= matched
  return (
    <span className="inline-flex items-center gap-2 font-semibold">
      <Server aria-hidden size={15} />
      {whole
        ? `Matches ${count(matched)} of ${counted(total, 'host')}`
        : `Matches ${counted(matched, 'host')}`}
    </span>
  )
}

function isLarge(matched: number, total: number | undefined): boolean {
  return total !== undefined && total >= kSmallFleet && matched > kLargeShare * total
}

function awayText(number: number, known: Agent[]): string {
  const word =
    known.length > 0 && known.every((agent) => agent.status === 'offline') ? 'offline' : 'not online'
  const names = known.slice(0, kAwayNames).map((agent) => agent.host)
  if (names.length === 0) return `${count(number)} ${word}`
  return `${count(number)} ${word}: ${names.join(', ')}${number > names.length ? ' …' : ''}`
}

function Names({ id, matches, all }: { id: string; matches: AgentMatches; all: boolean }) {
  const shown = all ? matches.items : matches.items.slice(0, kNames)
  const rest = matches.matched - shown.length
  return (
    <ul
      id={id}
      aria-label="Matched hosts"
      // The whole list scrolls inside; the keyboard can reach it.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={all ? 0 : undefined}
      className={cx('flex flex-wrap gap-1.5', all && 'max-h-48 overflow-y-auto')}
    >
      {shown.map((agent) => (
        <li
          key={agent.id}
          className={cx(
            'rounded-sm border bg-surface px-1.5 font-mono text-small',
            agent.status === 'online' ? 'border-line' : 'border-lost text-lost',
          )}
        >
          {agent.host}
          {agent.status !== 'online' && <span className="sr-only"> ({agent.status})</span>}
        </li>
      ))}
      {rest > 0 && (
        <li className="font-mono text-small text-mute">
          +{count(rest)}
          {all && ' more; narrow the choice to see them'}
        </li>
      )}
    </ul>
  )
}

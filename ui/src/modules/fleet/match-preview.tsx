// What targets match at this moment, in words that are true: exact counts, who is offline.
import { Server } from 'lucide-react'

import { StatusText } from '@/components/status'
import { count, counted } from '@/lib/format'
import type { AgentMatches } from '@/lib/model'

const kNames = 12

export function MatchPreview({ matches, stale }: { matches: AgentMatches | undefined; stale: boolean }) {
  if (!matches) return null
  const offline = matches.items.filter((agent) => agent.status !== 'online').map((agent) => agent.host)
  const away = matches.matched - matches.online
  const awayText = `${count(away)} not online: ${offline.slice(0, 3).join(', ')}`
  return (
    <div
      aria-live="polite"
      aria-busy={stale}
      className="flex flex-col gap-2 rounded-md border border-line bg-raised px-3 py-2"
    >
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="inline-flex items-center gap-2 font-semibold">
          <Server aria-hidden size={15} />
          {matches.matched === 0 ? 'Matches no host' : `Matches ${counted(matches.matched, 'host')}`}
        </span>
        {matches.matched > 0 && <StatusText status="online">{`${count(matches.online)} online`}</StatusText>}
        {away > 0 && <StatusText status="offline">{awayText}</StatusText>}
      </p>
      {matches.matched > 0 && (
        <ul aria-label="Matched hosts" className="flex flex-wrap gap-1.5">
          {matches.items.slice(0, kNames).map((agent) => (
            <li
              key={agent.id}
              className="rounded-sm border border-line bg-surface px-1.5 font-mono text-small"
            >
              {agent.host}
            </li>
          ))}
          {matches.matched > kNames && (
            <li className="font-mono text-small text-mute">+{count(matches.matched - kNames)}</li>
          )}
        </ul>
      )}
    </div>
  )
}

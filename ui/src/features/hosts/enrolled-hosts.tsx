// Hosts that came by tokens, newest first; each fills in and changes by itself.
import { Link } from 'react-router'

import { cx } from '@/components/class-names'
import { LabelChips } from '@/components/label-chips'
import { Section } from '@/components/section'
import { StatusText } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import { useAgent } from '@/features/hosts/api'
import type { EnrollmentToken } from '@/lib/model'
import { paths } from '@/lib/paths'

const kShown = 20

export function EnrolledHosts({ tokens }: { tokens: EnrollmentToken[] }) {
  const newest = [...tokens].sort((a, b) => (b.used_at ?? '').localeCompare(a.used_at ?? ''))
  return (
    <Section title="New hosts" flush>
      <ul aria-live="polite" aria-label="New hosts">
        {newest.slice(0, kShown).map((token) => (
          <EnrolledHost key={token.id} token={token} />
        ))}
      </ul>
      {tokens.length === 0 && (
        <p className="p-3 text-mute">Hosts appear here as soon as the command ran on them.</p>
      )}
    </Section>
  )
}

function EnrolledHost({ token }: { token: EnrollmentToken }) {
  const agent = useAgent(token.agent_id ?? '').data
  if (!agent) return null
  const silent = agent.last_seen === null && agent.status === 'offline'
  return (
    <li
      className={cx(
        'flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1',
        'border-b border-line px-3 py-1 last:border-0',
      )}
    >
      <Link
        to={paths.host(agent.id)}
        className="rounded-sm font-mono text-small font-semibold hover:text-accent"
      >
        {agent.host}
      </Link>
      {silent ? (
        <StatusText status="pending">Enrolled, the agent does not run yet</StatusText>
      ) : (
        <StatusText status={agent.status} />
      )}
      <LabelChips labels={agent.labels} />
      <span className="ml-auto text-mute">
        <TimeAgo time={token.used_at} />
      </span>
    </li>
  )
}

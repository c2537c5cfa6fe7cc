// Agents that need a look: away, or of another version than the controller.
import { ArrowUpCircle, CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'

import { ErrorState, SkeletonRows } from '@/components/notice'
import { Section } from '@/components/section'
import { StatusText } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import { count } from '@/lib/format'
import type { Agent } from '@/lib/model'
import { paths } from '@/lib/paths'
import { useMe } from '@/lib/use-me'
import { useAgentCounts, useAgents } from '@/modules/fleet/api'

const kEvery = { name: '', selector: '' }
const kAway = { name: '', status: 'offline' }
const kOld = { name: '', status: '', outdated: true }
const kNames = 5

export function AgentHealth() {
  const counts = useAgentCounts(kEvery)
  const away = useAgents(kAway).data?.pages[0]?.items ?? []
  const old = useAgents(kOld).data?.pages[0]?.items ?? []
  const version = useMe().data?.version
  const { data } = counts
  return (
    <Section title="Agents" detail={data && `${count(data.online)} online`} flush>
      {counts.isError && !data ? (
        <ErrorState
          what="The agents could not be counted."
          error={counts.error}
          onRetry={() => void counts.refetch()}
        />
      ) : !data ? (
        <SkeletonRows rows={2} />
      ) : data.offline === 0 && data.outdated === 0 ? (
        <p className="flex items-center gap-2 p-3 text-mute">
          <CircleCheck aria-hidden size={16} className="text-success" />
          None is offline or outdated.
        </p>
      ) : (
        <>
          {data.offline > 0 && (
            <Group
              title={<StatusText status="offline">{`${count(data.offline)} offline`}</StatusText>}
              to={`${paths.hosts}?state=offline`}
              agents={away}
              total={data.offline}
              fact={(agent) => <TimeAgo time={agent.last_seen} />}
            />
          )}
          {data.outdated > 0 && (
            <Group
              title={<Outdated total={data.outdated} version={version} />}
              to={`${paths.hosts}?state=outdated`}
              agents={old}
              total={data.outdated}
              fact={(agent) => <span className="font-mono text-small">{agent.version}</span>}
            />
          )}
        </>
      )}
    </Section>
  )
}

function Outdated({ total, version }: { total: number; version: string | undefined }) {
  return (
    <span className="inline-flex items-center gap-1.5 font-medium text-waiting">
      <ArrowUpCircle aria-hidden size={14} />
      {count(total)} outdated{version && `, not ${version}`}
    </span>
  )
}

interface GroupProps {
  title: ReactNode
  to: string
  agents: Agent[]
  total: number
  fact: (agent: Agent) => ReactNode
}

function Group({ title, to, agents, total, fact }: GroupProps) {
  const shown = agents.slice(0, kNames)
  const more = total - shown.length
  return (
    <div className="border-b border-line px-3 py-2 last:border-0">
      <div className="flex items-center justify-between gap-3">
        {title}
        <Link to={to} className="inline-flex min-h-6 items-center text-accent underline max-md:min-h-11">
          Show all
        </Link>
      </div>
      <ul className="mt-1">
        {shown.map((agent) => (
          <li key={agent.id}>
            <Link
              to={paths.host(agent.id)}
              className="flex min-h-7 items-center justify-between gap-3 hover:text-accent max-md:min-h-11"
            >
              <span className="min-w-0 truncate font-mono text-small">{agent.host}</span>
              <span className="text-small whitespace-nowrap text-mute">{fact(agent)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {shown.length > 0 && more > 0 && <p className="text-small text-mute">and {count(more)} more</p>}
    </div>
  )
}

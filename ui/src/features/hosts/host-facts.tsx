import { CopyButton } from '@/components/copy-button'
import { FactList } from '@/components/fact-list'
import { Section } from '@/components/section'
import { StatusText } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import { count } from '@/lib/format'
import type { Agent } from '@/lib/model'
import { exactTime } from '@/lib/time'
import { useNow } from '@/lib/use-now'
import { isOutdated } from '@/modules/fleet/outdated'

const kSoonMs = 14 * 24 * 3_600_000

export function HostFacts({
  agent,
  controllerVersion,
}: {
  agent: Agent
  controllerVersion?: string | undefined
}) {
  const outdated = isOutdated(agent, controllerVersion)
  return (
    <Section title="Facts">
      <FactList
        facts={[
          ['System', agent.os || '–'],
          ['Architecture', agent.arch || '–'],
          [
            'Agent version',
            <span key="v" className="inline-flex flex-wrap items-center gap-2">
              <span className="font-mono text-small">{agent.version || '–'}</span>
              {outdated && (
                <StatusText status="outdated">{`Outdated, controller is ${controllerVersion}`}</StatusText>
              )}
            </span>,
          ],
          ['Last seen', <TimeAgo key="s" time={agent.last_seen} />],
          ['Running now', agent.running === 1 ? '1 command' : `${count(agent.running)} commands`],
          ['Enrolled', <Exactly key="e" time={agent.enrolled_at} />],
          ['Certificate until', <Certificate key="c" agent={agent} />],
          ...(agent.revoked_at
            ? [['Revoked', <Exactly key="r" time={agent.revoked_at} />] as [string, React.ReactNode]]
            : []),
          [
            'Id',
            <span key="i" className="inline-flex items-center gap-1">
              <code className="font-mono text-small">{agent.id}</code>
              <CopyButton text={agent.id} name="Copy the id" />
            </span>,
          ],
        ]}
      />
    </Section>
  )
}

function Exactly({ time }: { time: string }) {
  return <time dateTime={time}>{exactTime(time)}</time>
}

// Agents renew their certificate by themselves; one that is nearly over shows that this fails.
function Certificate({ agent }: { agent: Agent }) {
  const now = useNow()
  const left = Date.parse(agent.certificate_until) - now
  const word = left < 0 ? 'over' : left < kSoonMs ? 'soon' : undefined
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Exactly time={agent.certificate_until} />
      {word === 'over' && <StatusText status="failed">Expired</StatusText>}
      {word === 'soon' && <StatusText status="outdated">Ends soon</StatusText>}
    </span>
  )
}

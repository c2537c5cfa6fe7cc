// Hosts that would not run the command, by their reason: not failed output, and nothing to look for in it.
import { ShieldX } from 'lucide-react'

import type { ExecutionFeed } from '@/features/executions/execution-feed'
import { type Refusal, refusalOf } from '@/features/executions/host-words'
import { useFeed } from '@/features/executions/use-live-execution'
import { count, counted } from '@/lib/format'
import type { Step, StepHost } from '@/lib/model'

const kNames = 6

export interface RefusedGroup {
  refusal: Refusal
  hosts: string[]
}

export function refusedGroups(hosts: readonly StepHost[]): RefusedGroup[] {
  const groups = new Map<string, RefusedGroup>()
  for (const host of hosts) {
    const refusal = refusalOf(host)
    if (!refusal) continue
    const key = `${refusal.code} ${refusal.why}`
    const group = groups.get(key) ?? { refusal, hosts: [] }
    group.hosts.push(host.host)
    groups.set(key, group)
  }
  return [...groups.values()].sort((a, b) => b.hosts.length - a.hosts.length)
}

export function Refusals({ feed, step }: { feed: ExecutionFeed; step: Step }) {
  const hosts = useFeed(feed, (state) => state.hosts[step.id])
  const groups = refusedGroups(Object.values(hosts ?? {}))
  if (groups.length === 0) return null
  return (
    <ul aria-label="Refused by hosts" className="flex flex-col gap-1.5">
      {groups.map(({ refusal, hosts: names }) => {
        const more = names.length - kNames
        return (
          <li key={`${refusal.code} ${refusal.why}`} className="flex items-start gap-2">
            <ShieldX aria-hidden size={15} className="mt-0.5 shrink-0 text-failed" />
            <span className="min-w-0 break-words">
              <b className="font-semibold">
                Refused by {counted(names.length, 'host')}: {refusal.words}.
              </b>{' '}
              {refusal.why}{' '}
              <span className="font-mono text-small break-all text-mute">
                {names.slice(0, kNames).join(', ')}
                {more > 0 && ` and ${count(more)} more`}
              </span>
            </span>
          </li>
        )
      })}
    </ul>
  )
}

// The line of facts below the title: how long, who, where, why, and with which values.
import type { ReactNode } from 'react'

import { type ExecutionFacts, hostTotal } from '@/features/executions/live-execution'
import { count } from '@/lib/format'
import { type Step, type Targets, hasEnded } from '@/lib/model'
import { between, duration, exactTime } from '@/lib/time'
import { useNow } from '@/lib/use-now'

export function targetsText(targets: Targets | null): string {
  return [targets?.selector, ...(targets?.hosts ?? [])].filter(Boolean).join(', ')
}

export function runHosts(execution: ExecutionFacts, steps: readonly Step[]): number {
  return Math.max(execution.host_counts.total, ...steps.map(hostTotal))
}

export function RunFacts({ execution, steps }: { execution: ExecutionFacts; steps: Step[] }) {
  const now = useNow()
  const passed = between(execution.start_time, execution.end_time, now)
  const targets = targetsText(execution.targets)
  const hosts = runHosts(execution, steps)
  const { stop } = execution
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1">
      <Fact name="Elapsed">
        <time dateTime={execution.start_time ?? undefined} title={startText(execution.start_time)}>
          {passed === undefined ? '–' : duration(passed)}
        </time>
      </Fact>
      <Fact name="Started by">{execution.requested_by_name}</Fact>
      {targets && (
        <Fact name="Targets">
          <code className="font-mono text-small" title={targets}>
            {targets}
          </code>
        </Fact>
      )}
      {hosts > 0 && (
        <Fact name="Hosts">
          <span className="tabular">{count(hosts)}</span>
        </Fact>
      )}
      {stop && !hasEnded(execution.status) && (
        <Fact name="Stop confirmed">
          <span className="tabular">
            {count(stop.confirmed)} of {count(stop.of)}
          </span>
        </Fact>
      )}
      {Object.entries(execution.parameters).map(([name, value]) => (
        <Fact key={name} name={name}>
          <code className="font-mono text-small" title={String(value)}>
            {String(value)}
          </code>
        </Fact>
      ))}
      {execution.reason && <Reason text={execution.reason} />}
    </dl>
  )
}

function startText(time: string | null): string | undefined {
  return time === null ? undefined : `Started ${exactTime(time)}`
}

// An address becomes a link; a ticket's key is named for what it is.
export function Reason({ text }: { text: string }) {
  const address = incidentAddress(text)
  const isKey = /^[A-Z][A-Z0-9]+-\d+$/.test(text)
  return (
    <Fact name={address || isKey ? 'Incident' : 'Reason'}>
      {address ? (
        <a
          href={address.href}
          target="_blank"
          rel="noopener noreferrer"
          title={text}
          className="rounded-sm text-accent underline"
        >
          {address.pathname.split('/').filter(Boolean).at(-1) ?? address.host}
        </a>
      ) : (
        <span title={text}>{text}</span>
      )}
    </Fact>
  )
}

export function incidentAddress(text: string): URL | undefined {
  if (!/^https?:\/\/\S+$/.test(text)) return undefined
  return URL.parse(text) ?? undefined
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-baseline gap-1.5">
      <dt className="text-mute">{name}</dt>
      <dd className="max-w-96 truncate font-medium">{children}</dd>
    </div>
  )
}

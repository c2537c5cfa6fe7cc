// Hosts of a step in the order a person wants them. Pure.
import { isProblem } from '@/components/status'
import type { StepHost } from '@/lib/model'
import { between } from '@/lib/time'

const kUrgency = [
  'error',
  'timed_out',
  'unreachable',
  'unknown',
  'not_started',
  'stopped',
  'running',
  'dispatched',
  'queued',
]

function urgency(host: StepHost): number {
  const at = kUrgency.indexOf(host.status)
  return at < 0 ? kUrgency.length : at
}

// Host order is the server's; what went wrong comes first when asked for.
export function inOrder(hosts: readonly StepHost[], problemsFirst: boolean): StepHost[] {
  if (!problemsFirst) return [...hosts]
  const bad = hosts.filter((host) => isProblem(host.status)).sort((a, b) => urgency(a) - urgency(b))
  return [...bad, ...hosts.filter((host) => !isProblem(host.status))]
}

// Names without what all of them end in (".prod.example.com"), if they stay different.
export function shortNames(hosts: readonly StepHost[]): (name: string) => string {
  const first = hosts[0]
  if (!first || hosts.length < 2) return (name) => name
  const dot = first.host.indexOf('.')
  const tail = dot < 0 ? '' : first.host.slice(dot)
  const everyOne =
    tail !== '' && hosts.every((host) => host.host.endsWith(tail) && host.host.length > tail.length)
  return everyOne ? (name) => name.slice(0, -tail.length) : (name) => name
}

export type HostColumn = 'host' | 'status' | 'exit' | 'duration' | 'bytes'

export interface Sorting {
  by: HostColumn
  down: boolean
}

export function sorted(hosts: readonly StepHost[], { by, down }: Sorting, now: number): StepHost[] {
  const names = new Intl.Collator('en', { numeric: true })
  const rank = (host: StepHost): number => {
    if (by === 'exit') return host.exit_code ?? Infinity
    if (by === 'duration') return between(host.start_time, host.end_time, now) ?? Infinity
    if (by === 'bytes') return host.output_bytes
    return by === 'status' ? urgency(host) : 0
  }
  const sign = down ? -1 : 1
  return [...hosts].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)]
    if (left !== right) return left < right ? -sign : sign
    return names.compare(a.host, b.host) * (by === 'host' ? sign : 1)
  })
}

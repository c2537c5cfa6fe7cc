// What the page knows of one execution: a snapshot and the changes since. Pure.
import type { ExecutionEvent, Snapshot } from '@/lib/live-events'
import type { Execution, Step, StepHost } from '@/lib/model'

export type ExecutionFacts = Omit<Snapshot, 'steps'>
export type Hosts = Record<string, StepHost> // by agent, in host order

export interface ExecutionState {
  seq: number // -1: no snapshot yet
  execution: ExecutionFacts | undefined
  steps: Step[] // in block order, then attempt
  hosts: Record<string, Hosts> // by step; at most 200 come with the snapshot
  gap: boolean // a change is missing: ask for a new snapshot
}

export const kUnknown: ExecutionState = { seq: -1, execution: undefined, steps: [], hosts: {}, gap: false }

// Many hosts may change at once: their table is copied once for all of `events`.
export function applyEvents(state: ExecutionState, events: readonly ExecutionEvent[]): ExecutionState {
  const copied = new Set<string>()
  return events.reduce((next, event) => applyEvent(next, event, copied), state)
}

// `copied`: steps whose table of hosts belongs to nobody else yet and may be written to.
export function applyEvent(
  state: ExecutionState,
  event: ExecutionEvent,
  copied: Set<string> = new Set(),
): ExecutionState {
  if (event.event === 'snapshot') {
    copied.clear()
    return fromSnapshot(event.seq, event.data)
  }
  if (state.seq < 0 || event.seq <= state.seq) return state
  if (event.seq > state.seq + 1) return { ...state, gap: true }
  const next = { ...state, seq: event.seq }
  switch (event.event) {
    case 'execution':
      return { ...next, execution: state.execution && { ...state.execution, ...event.data } }
    case 'step':
      return { ...next, steps: withStep(state.steps, event.data) }
    case 'host': {
      const { step_id: step, ...host } = event.data
      const known = next.hosts[step]
      if (known && copied.has(step)) {
        known[host.agent_id] = host
        return next
      }
      copied.add(step)
      return addHosts(next, step, [host])
    }
  }
}

export function addHosts(state: ExecutionState, step: string, hosts: StepHost[]): ExecutionState {
  const known = { ...state.hosts[step] }
  for (const host of hosts) known[host.agent_id] = host
  return { ...state, hosts: { ...state.hosts, [step]: known } }
}

// What REST answered counts only until a snapshot came, or while live updates are lost.
export function fromRest(state: ExecutionState, answer: Execution): ExecutionState {
  const { steps, ...execution } = answer
  return { ...state, execution: whole(execution), steps: sorted(steps) }
}

function fromSnapshot(seq: number, data: Snapshot): ExecutionState {
  const { steps, ...execution } = data
  const hosts: Record<string, Hosts> = {}
  for (const step of steps)
    hosts[step.id] = Object.fromEntries((step.hosts ?? []).map((host) => [host.agent_id, host]))
  return { seq, execution: whole(execution), steps: sorted(steps), hosts, gap: false }
}

const kNoHosts = { total: 0, success: 0, failed: 0 }

// A page that was reloaded before its controller was upgraded gets on without the newest members.
function whole(execution: ExecutionFacts): ExecutionFacts {
  return { ...execution, host_counts: execution.host_counts ?? kNoHosts }
}

function sorted(steps: Step[]): Step[] {
  return [...steps].sort((a, b) => a.order - b.order || a.attempt - b.attempt)
}

function withStep(steps: Step[], changed: Step): Step[] {
  const known = steps.some((step) => step.id === changed.id)
  return known
    ? steps.map((step) => (step.id === changed.id ? { ...step, ...changed } : step))
    : sorted([...steps, changed])
}

// The step the run is at: the one that runs or waits, else the last that began, else the first.
export function currentStep(steps: Step[]): Step | undefined {
  const active = steps.find((step) =>
    ['running', 'awaiting_input', 'awaiting_approval'].includes(step.status),
  )
  const begun = steps.filter((step) => step.timestamp !== null && step.status !== 'skipped')
  return active ?? begun.at(-1) ?? steps[0]
}

export function hostTotal(step: Step): number {
  return Object.values(step.host_counts).reduce((sum, hosts) => sum + hosts, 0)
}

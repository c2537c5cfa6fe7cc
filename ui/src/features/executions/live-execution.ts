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
  kept: Record<string, Kept> // by step: those that did not come with it
  gap: boolean // a change is missing: ask for a new snapshot
}

// Hosts that were read by REST, or that were known before a snapshot which did not list them.
export interface Kept {
  since: number // seq of that snapshot; -1: none
  doubt: boolean // changes before it may be missing: they must be read again
  hosts: Hosts // as they were then: one that is still the same object gives way to a newer read
}

export const kUnknown: ExecutionState = {
  seq: -1,
  execution: undefined,
  steps: [],
  hosts: {},
  kept: {},
  gap: false,
}

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
    return fromSnapshot(state, event.seq, event.data)
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

export function keptSince(state: ExecutionState, step: string): number {
  return state.kept[step]?.since ?? -1
}

// All hosts of a step, in their order, read after the snapshot `since`. What came live is newer than what was
// read, unless nothing comes live any more (`newest`).
export function withRead(
  state: ExecutionState,
  step: string,
  read: readonly StepHost[],
  { since, newest }: { since: number; newest: boolean },
): ExecutionState {
  const known = state.hosts[step] ?? {}
  const kept = state.kept[step]
  const current = since === keptSince(state, step)
  const giveWay = newest ? known : current ? (kept?.hosts ?? {}) : {}
  const hosts: Hosts = {}
  const taken: Hosts = {}
  for (const host of read) {
    const there = known[host.agent_id]
    const chosen = there === undefined || there === giveWay[host.agent_id] ? host : there
    hosts[host.agent_id] = chosen
    if (chosen === host) taken[host.agent_id] = host
  }
  const next: Kept = current
    ? { since, doubt: false, hosts: taken }
    : { since: keptSince(state, step), doubt: kept?.doubt ?? false, hosts: { ...kept?.hosts, ...taken } }
  return {
    ...state,
    hosts: { ...state.hosts, [step]: { ...hosts, ...without(known, hosts) } },
    kept: { ...state.kept, [step]: next },
  }
}

// A snapshot lists only the first hosts of a step: the others stay as they were known.
function fromSnapshot(old: ExecutionState, seq: number, data: Snapshot): ExecutionState {
  const { steps, ...execution } = data
  const hosts: Record<string, Hosts> = {}
  const kept: Record<string, Kept> = {}
  for (const step of steps) {
    const listed = Object.fromEntries((step.hosts ?? []).map((host) => [host.agent_id, host]))
    const more = hostTotal(step) > Object.keys(listed).length
    const others = more ? without(old.hosts[step.id] ?? {}, listed) : {}
    hosts[step.id] = { ...listed, ...others }
    if (Object.keys(others).length === 0) continue
    const before = old.kept[step.id]
    kept[step.id] = before && seq === old.seq ? before : { since: seq, doubt: seq !== old.seq, hosts: others }
  }
  return { seq, execution: whole(execution), steps: sorted(steps), hosts, kept, gap: false }
}

function without(hosts: Hosts, others: Hosts): Hosts {
  return Object.fromEntries(Object.entries(hosts).filter(([agent]) => !(agent in others)))
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

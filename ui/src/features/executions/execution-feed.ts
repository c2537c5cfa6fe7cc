// One execution's live subscription: feeds the reducer's state and the output stores of its steps.
import { live } from '@/lib/live'
import type { ExecutionEvent, ExecutionSubscription, LiveEvent, StreamEvent } from '@/lib/live-events'
import type { OutputFrame } from '@/lib/live-frames'
import type { Topic } from '@/lib/live-socket'
import type { Execution, StepHost } from '@/lib/model'
import { LogStore } from '@/modules/console/log-store'
import {
  type ExecutionState,
  addHosts,
  applyEvent,
  fromRest,
  kUnknown,
} from '@/features/executions/live-execution'

const kNotifyMs = 16
// The server takes messages up to 16 KiB. Streams that do not fit are sent again from their start and skipped
// here.
const kMaxFromBytes = 12 * 1024

export class ExecutionFeed {
  private current: ExecutionState = kUnknown
  private readonly listeners = new Set<() => void>()
  private readonly stores = new Map<string, LogStore>()
  private step: string | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private asked = false // a new snapshot is on its way

  readonly topic: Topic

  constructor(readonly id: string) {
    this.topic = {
      execution: id,
      subscribe: () => ({ sub: this.subscription() }),
      unsubscribe: () => ({ unsub: { execution: id } }),
      onEvent: this.onEvent,
      onFrame: this.onFrame,
    }
  }

  state = (): ExecutionState => this.current

  listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  // Output comes for one step at a time; what was received of others is kept.
  watchStep(step: string | undefined): void {
    if (step === this.step) return
    this.step = step
    live.renew(this.topic)
  }

  store(step: string): LogStore {
    const known = this.stores.get(step)
    if (known) return known
    const store = new LogStore()
    this.stores.set(step, store)
    return store
  }

  answered(answer: Execution): void {
    if (this.current.seq >= 0 && live.connection().phase === 'live') return
    this.change(fromRest(this.current, answer))
  }

  loaded(step: string, hosts: StepHost[]): void {
    // Live changes are newer than what was read.
    const fresh = hosts.filter((host) => this.current.hosts[step]?.[host.agent_id] === undefined)
    this.change(addHosts(this.current, step, fresh))
  }

  private subscription(): ExecutionSubscription {
    this.asked = true
    const base = { execution: this.id, output: this.step !== undefined, from: this.from() }
    return this.step === undefined ? base : { ...base, step: this.step }
  }

  private from(): Record<string, number> {
    const store = this.step === undefined ? undefined : this.stores.get(this.step)
    const ends = (store?.ends() ?? []).sort((a, b) => b.end - a.end)
    const from: Record<string, number> = {}
    let size = 0
    for (const { name, end } of ends) {
      const key = `${this.step}/${name.agent}/${name.stream}`
      size += key.length + 24
      if (size > kMaxFromBytes) break
      from[key] = end
    }
    return from
  }

  private readonly onEvent = (event: LiveEvent): void => {
    if (event.event === 'snapshot' || event.event === 'error') this.asked = false
    if (!isState(event)) return
    const next = applyEvent(this.current, event)
    if (next.gap) this.askAgain()
    if (next !== this.current) this.change(next)
  }

  private readonly onFrame = (stream: StreamEvent, frame: OutputFrame): void => {
    const name = { agent: stream.agent_id, host: stream.host, stream: frame.stream }
    if (this.store(stream.step_id).append(name, frame.offset, frame.data) === 'gap') this.askAgain()
  }

  private askAgain(): void {
    if (!this.asked) live.renew(this.topic)
  }

  private change(state: ExecutionState): void {
    this.current = state
    // Many hosts may change at once: listeners are told once per frame.
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      for (const listener of this.listeners) listener()
    }, kNotifyMs)
  }
}

function isState(event: LiveEvent): event is ExecutionEvent {
  return ['snapshot', 'execution', 'step', 'host'].includes(event.event)
}

// One execution's live subscription: feeds the reducer's state and the output that is looked at.
import { live } from '@/lib/live'
import type { ExecutionEvent, ExecutionSubscription, LiveEvent, StreamEvent } from '@/lib/live-events'
import type { OutputFrame } from '@/lib/live-frames'
import type { Topic } from '@/lib/live-socket'
import type { Execution, StepHost } from '@/lib/model'
import { OutputFeed } from '@/features/executions/output-feed'
import {
  type ExecutionState,
  applyEvents,
  fromRest,
  kUnknown,
  withRead,
} from '@/features/executions/live-execution'

const kNotifyMs = 16
export class ExecutionFeed {
  private current: ExecutionState = kUnknown
  private readonly listeners = new Set<() => void>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private asked = false // a new snapshot is on its way
  private arrived: ExecutionEvent[] = [] // not applied yet

  readonly topic: Topic
  readonly output = new OutputFeed(() => live.renew(this.topic))

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

  answered(answer: Execution): void {
    this.take()
    if (this.current.seq >= 0 && live.connection().phase === 'live') return
    this.change(fromRest(this.current, answer))
  }

  // All hosts of a step, in their order. Live changes are newer than what was read, until they are lost.
  loaded(step: string, read: StepHost[], { since, at }: { since: number; at: number }): void {
    this.take()
    const { phase, lostAt } = live.connection()
    const newest = phase !== 'live' && at >= (lostAt ?? 0)
    this.change(withRead(this.current, step, read, { since, newest }))
  }

  private subscription(): ExecutionSubscription {
    this.asked = true
    return { execution: this.id, ...this.output.wanted() }
  }

  private readonly onEvent = (event: LiveEvent): void => {
    if (event.event === 'snapshot' || event.event === 'error') this.asked = false
    if (event.event === 'snapshot') this.output.snapshotCame()
    if (!isState(event)) return
    this.arrived.push(event)
    this.tellSoon()
  }

  private take(): void {
    if (this.arrived.length === 0) return
    this.current = applyEvents(this.current, this.arrived)
    this.arrived = []
    if (this.current.gap) this.askAgain()
  }

  private readonly onFrame = (stream: StreamEvent, frame: OutputFrame): void =>
    this.output.received(stream, frame)

  private askAgain(): void {
    if (!this.asked) live.renew(this.topic)
  }

  private change(state: ExecutionState): void {
    this.current = state
    this.tellSoon()
  }

  // Many hosts may change at once: changes are applied together, and listeners told once per frame.
  private tellSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.take()
      for (const listener of this.listeners) listener()
    }, kNotifyMs)
  }
}

function isState(event: LiveEvent): event is ExecutionEvent {
  return ['snapshot', 'execution', 'step', 'host'].includes(event.event)
}

// The tab's one WebSocket to /live. Topics subscribe; after a lost connection it comes back with capped
// exponential back-off and full jitter, and every topic asks again from where it stands. Clock, randomness
// and the socket itself are injected, so that tests need neither time nor network.
import { FrameError, decodeFrame, type OutputFrame } from '@/lib/live-frames'
import type { ExecutionEvent, LiveEvent, StreamEvent } from '@/lib/live-events'

export interface Topic {
  subscribe: () => object // what to send on every (re)connection
  unsubscribe: () => object
  // Takes this execution's events and output; absent: takes the "execution" and "agent" events of all.
  execution?: string
  onEvent: (event: LiveEvent) => void
  onFrame?: (stream: StreamEvent, frame: OutputFrame) => void
}

export type Phase = 'idle' | 'connecting' | 'live' | 'lost'

export interface Connection {
  phase: Phase
  lostAt: number | undefined // when the last good connection ended
  retryAt: number | undefined
  restored: number // how often it came back
}

export interface Surroundings {
  open: () => WebSocket
  now: () => number
  random: () => number
  later: (action: () => void, milliseconds: number) => () => void // returns how to cancel
  failed: () => void // a connection could not be made or was lost: look at the session
}

const kFirstDelayMs = 500
const kMaxDelayMs = 15_000
const kPingMs = 15_000
const kPongMs = 10_000

export class LiveSocket {
  private readonly topics = new Set<Topic>()
  private readonly listeners = new Set<() => void>()
  private readonly streams = new Map<number, StreamEvent>()
  private state: Connection = { phase: 'idle', lostAt: undefined, retryAt: undefined, restored: 0 }
  private socket: WebSocket | undefined
  private failures = 0
  private pings = 0
  private cancelTimer: () => void = () => undefined

  constructor(private readonly around: Surroundings) {}

  connection = (): Connection => this.state

  listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  start(): void {
    if (this.state.phase === 'idle') this.connect()
  }

  stop(): void {
    this.cancelTimer()
    this.drop()
    this.failures = 0
    this.change({ phase: 'idle', lostAt: undefined, retryAt: undefined })
  }

  retryNow(): void {
    if (this.state.phase !== 'lost') return
    this.cancelTimer()
    this.connect()
  }

  add(topic: Topic): () => void {
    this.topics.add(topic)
    if (this.state.phase === 'live') this.send(topic.subscribe())
    return () => {
      this.topics.delete(topic)
      // Two parts of a page may follow the same thing; the server counts it once.
      const wanted = JSON.stringify(topic.unsubscribe())
      const shared = [...this.topics].some((other) => JSON.stringify(other.unsubscribe()) === wanted)
      if (this.state.phase === 'live' && !shared) this.send(topic.unsubscribe())
    }
  }

  // Sends a topic's subscription again: it wants something else, or found a gap.
  renew(topic: Topic): void {
    if (this.topics.has(topic) && this.state.phase === 'live') this.send(topic.subscribe())
  }

  private connect(): void {
    this.change({ phase: this.state.lostAt === undefined ? 'connecting' : 'lost', retryAt: undefined })
    const socket = this.around.open()
    socket.binaryType = 'arraybuffer'
    this.socket = socket
    socket.onopen = () => this.opened()
    socket.onclose = () => this.socket === socket && this.lost()
    socket.onmessage = (message: MessageEvent<string | ArrayBuffer>) => this.received(message.data)
  }

  private opened(): void {
    this.failures = 0
    const wasLost = this.state.lostAt !== undefined
    this.change({
      phase: 'live',
      lostAt: undefined,
      retryAt: undefined,
      restored: this.state.restored + (wasLost ? 1 : 0),
    })
    for (const topic of this.topics) this.send(topic.subscribe())
    this.watch(kPingMs, () => this.ping())
  }

  private ping(): void {
    this.pings += 1
    this.send({ ping: this.pings })
    this.watch(kPongMs, () => this.lost())
  }

  private lost(): void {
    this.cancelTimer()
    this.drop()
    const delay = this.around.random() * Math.min(kMaxDelayMs, kFirstDelayMs * 2 ** this.failures)
    this.failures += 1
    const now = this.around.now()
    this.change({ phase: 'lost', lostAt: this.state.lostAt ?? now, retryAt: now + delay })
    this.watch(delay, () => this.connect())
    this.around.failed()
  }

  private drop(): void {
    const socket = this.socket
    this.socket = undefined
    this.streams.clear()
    if (!socket) return
    socket.onopen = socket.onclose = socket.onmessage = null
    socket.close()
  }

  private watch(milliseconds: number, action: () => void): void {
    this.cancelTimer()
    this.cancelTimer = this.around.later(action, milliseconds)
  }

  private send(message: object): void {
    this.socket?.send(JSON.stringify(message))
  }

  private received(data: string | ArrayBuffer): void {
    // Any message shows that the connection is good.
    if (this.state.phase === 'live') this.watch(kPingMs, () => this.ping())
    try {
      if (typeof data === 'string') this.receivedEvent(JSON.parse(data) as LiveEvent)
      else this.receivedFrame(decodeFrame(data))
    } catch (error) {
      if (!(error instanceof FrameError) && !(error instanceof SyntaxError)) throw error
      this.lost() // not our protocol: a fresh connection begins with a snapshot
    }
  }

  private receivedEvent(event: LiveEvent): void {
    if (event.event === 'stream') this.streams.set(event.index, event)
    const execution = (event as Partial<ExecutionEvent>).execution
    for (const topic of this.topics) {
      const wants = topic.execution === undefined ? isOverview(event) : topic.execution === execution
      if (wants) topic.onEvent(event)
    }
  }

  private receivedFrame(frame: OutputFrame | undefined): void {
    const stream = frame && this.streams.get(frame.index)
    if (!stream) return
    for (const topic of this.topics) {
      if (topic.execution === stream.execution) topic.onFrame?.(stream, frame)
    }
  }

  private change(part: Partial<Connection>): void {
    this.state = { ...this.state, ...part }
    for (const listener of this.listeners) listener()
  }
}

function isOverview(event: LiveEvent): boolean {
  return event.event === 'execution' || event.event === 'agent'
}

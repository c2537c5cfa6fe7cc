import { beforeEach, describe, expect, it, vi } from 'vitest'

import { encodeFrame } from '@/lib/live-frames'
import { LiveSocket, type Topic } from '@/lib/live-socket'

class FakeSocket {
  binaryType = ''
  sent: unknown[] = []
  closed = false
  onopen: (() => void) | null = null
  onclose: (() => void) | null = null
  onmessage: ((message: { data: unknown }) => void) | null = null
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {
    this.closed = true
  }
  receive(data: unknown) {
    this.onmessage?.({ data: data instanceof ArrayBuffer ? data : JSON.stringify(data) })
  }
}

let sockets: FakeSocket[]
let timers: { action: () => void; delay: number; cancelled: boolean }[]
let now: number
const failed = vi.fn()

function make(): LiveSocket {
  return new LiveSocket({
    open: () => {
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket as unknown as WebSocket
    },
    now: () => now,
    random: () => 1,
    later: (action, delay) => {
      const timer = { action, delay, cancelled: false }
      timers.push(timer)
      return () => void (timer.cancelled = true)
    },
    failed,
  })
}

function fire(): number {
  const timer = timers.filter((each) => !each.cancelled).at(-1)
  if (!timer) throw new Error('no timer is set')
  timer.cancelled = true
  timer.action()
  return timer.delay
}

const last = () => sockets.at(-1) as FakeSocket
const topic = (more: Partial<Topic> = {}): Topic => ({
  subscribe: () => ({ sub: { execution: 'e1', from: {} } }),
  unsubscribe: () => ({ unsub: { execution: 'e1' } }),
  execution: 'e1',
  onEvent: vi.fn(),
  onFrame: vi.fn(),
  ...more,
})

beforeEach(() => {
  sockets = []
  timers = []
  now = 1000
  failed.mockClear()
})

describe('LiveSocket', () => {
  it('subscribes its topics when it opens, and later ones at once', () => {
    const live = make()
    live.add(topic())
    live.start()
    expect(live.connection().phase).toBe('connecting')
    last().onopen?.()
    expect(live.connection().phase).toBe('live')
    const leave = live.add(
      topic({
        subscribe: () => ({ sub: { agents: true } }),
        unsubscribe: () => ({ unsub: { agents: true } }),
      }),
    )
    leave()
    expect(last().sent).toEqual([
      { sub: { execution: 'e1', from: {} } },
      { sub: { agents: true } },
      { unsub: { agents: true } },
    ])
  })

  it('keeps a subscription while another topic still wants the same', () => {
    const live = make()
    live.start()
    last().onopen?.()
    const agents = () =>
      topic({
        subscribe: () => ({ sub: { agents: true } }),
        unsubscribe: () => ({ unsub: { agents: true } }),
      })
    const leaves = [live.add(agents()), live.add(agents())]
    leaves[0]?.()
    expect(last().sent).not.toContainEqual({ unsub: { agents: true } })
    leaves[1]?.()
    expect(last().sent.at(-1)).toEqual({ unsub: { agents: true } })
  })

  it('comes back with growing delays and asks again from where each topic stands', () => {
    const live = make()
    let end = 0
    live.add(topic({ subscribe: () => ({ from: end }) }))
    live.start()
    last().onopen?.()
    end = 42
    last().onclose?.()
    expect(live.connection()).toMatchObject({ phase: 'lost', lostAt: 1000, retryAt: 1500 })
    expect(failed).toHaveBeenCalledTimes(1)
    now = 2000
    expect(fire()).toBe(500)
    last().onclose?.()
    expect(live.connection().lostAt).toBe(1000)
    expect(fire()).toBe(1000)
    last().onclose?.()
    expect(fire()).toBe(2000)
    last().onopen?.()
    expect(last().sent).toEqual([{ from: 42 }])
    expect(live.connection()).toMatchObject({ phase: 'live', lostAt: undefined, restored: 1 })
  })

  it('never waits longer than a quarter of a minute', () => {
    const live = make()
    live.start()
    let delay = 0
    for (let attempt = 0; attempt < 12; attempt += 1) {
      last().onclose?.()
      delay = fire()
    }
    expect(delay).toBe(15_000)
  })

  it('pings a silent connection and gives it up without an answer', () => {
    const live = make()
    live.start()
    last().onopen?.()
    fire()
    expect(last().sent).toEqual([{ ping: 1 }])
    last().receive({ event: 'pong', n: 1 })
    fire()
    const silent = last()
    fire()
    expect(silent.closed).toBe(true)
    expect(live.connection().phase).toBe('lost')
  })

  it('hands events and frames to the topic of their execution', () => {
    const live = make()
    const one = topic()
    const other = topic({ execution: 'e2' })
    const overview = topic()
    delete overview.execution
    for (const each of [one, other, overview]) live.add(each)
    live.start()
    last().onopen?.()
    last().receive({ event: 'execution', execution: 'e1', seq: 1, data: {} })
    last().receive({ event: 'step', execution: 'e1', seq: 2, data: {} })
    const stream = {
      event: 'stream',
      execution: 'e1',
      index: 3,
      step_id: 's',
      agent_id: 'a',
      host: 'h',
      attempt: 't',
    }
    last().receive(stream)
    const frame = {
      stream: 'stdout' as const,
      index: 3,
      offset: 0,
      firstLine: 1,
      beginsLine: true,
      newlines: 0,
      data: Uint8Array.of(65),
    }
    last().receive(encodeFrame(frame))
    last().receive(encodeFrame({ ...frame, index: 9 }))
    expect(one.onEvent).toHaveBeenCalledTimes(3)
    expect(other.onEvent).not.toHaveBeenCalled()
    expect(overview.onEvent).toHaveBeenCalledTimes(1)
    expect(one.onFrame).toHaveBeenCalledTimes(1)
    expect(one.onFrame).toHaveBeenCalledWith(stream, expect.objectContaining({ offset: 0 }))
    expect(other.onFrame).not.toHaveBeenCalled()
  })

  it('starts over when it is sent what it cannot read', () => {
    const live = make()
    live.start()
    last().onopen?.()
    last().receive(new ArrayBuffer(3))
    expect(live.connection().phase).toBe('lost')
  })

  it('can be stopped at any time, twice, and started again', () => {
    const live = make()
    live.stop()
    live.start()
    live.stop()
    live.stop()
    expect(last().closed).toBe(true)
    expect(live.connection().phase).toBe('idle')
    live.start()
    expect(sockets).toHaveLength(2)
  })

  it('retries at once when it is told to', () => {
    const live = make()
    live.start()
    last().onclose?.()
    live.retryNow()
    expect(sockets).toHaveLength(2)
    live.retryNow()
    last().onopen?.()
    expect(live.connection().phase).toBe('live')
  })
})

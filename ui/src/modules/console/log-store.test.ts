import { describe, expect, it, vi } from 'vitest'

import { findRows, hitFrom } from '@/modules/console/find'
import { shownText } from '@/modules/console/line-text'
import { LogStore, type LogView, type SourceName } from '@/modules/console/log-store'
import { wholeText } from '@/modules/console/selection'

const encode = (text: string) => new TextEncoder().encode(text)
const name = (host: string, stream: 'stdout' | 'stderr' = 'stdout'): SourceName => ({
  agent: host,
  host,
  stream,
})

function shown(view: LogView): string[] {
  const all: string[] = []
  for (let number = view.first; number < view.end; number += 1) {
    const row = view.row(number)
    all.push(row ? `${row.source.host} ${row.line + 1} ${shownText(row)}` : 'dropped')
  }
  return all
}

describe('LogStore', () => {
  it('orders the lines of all hosts by when they began', () => {
    const store = new LogStore()
    store.append(name('a'), 0, encode('a1\na2 begins'))
    store.append(name('b'), 0, encode('b1\n'))
    store.append(name('a'), 12, encode(' and ends\na3\n'))
    expect(shown(store.view({}))).toEqual(['a 1 a1', 'a 2 a2 begins and ends', 'b 1 b1', 'a 3 a3'])
  })

  it('filters by host and stream, for what was there before and what comes after', () => {
    const store = new LogStore()
    store.append(name('a'), 0, encode('a1\n'))
    store.append(name('a', 'stderr'), 0, encode('bad\n'))
    const one = store.view({ agent: 'a' })
    const errors = store.view({ stream: 'stderr' })
    store.append(name('b', 'stderr'), 0, encode('worse\n'))
    store.append(name('a'), 3, encode('a2\n'))
    expect(shown(one)).toEqual(['a 1 a1', 'a 1 bad', 'a 2 a2'])
    expect(shown(errors)).toEqual(['a 1 bad', 'b 1 worse'])
    expect(store.view({ agent: 'a' })).toBe(one)
  })

  it('shows the end of a line of DOS and the last overwrite only', () => {
    const store = new LogStore()
    store.append(name('a'), 0, encode('dos\r\n10 %\r100 %\n'))
    expect(shown(store.view({}))).toEqual(['a 1 dos', 'a 2 100 %'])
  })

  it('waits with a character that is cut at the end of an open line', () => {
    const store = new LogStore()
    const bytes = encode('ä')
    store.append(name('a'), 0, Uint8Array.of(65, bytes[0] ?? 0))
    expect(shown(store.view({}))).toEqual(['a 1 A'])
    store.append(name('a'), 2, bytes.subarray(1))
    expect(shown(store.view({}))).toEqual(['a 1 Aä'])
  })

  it('tells where each stream ends, so that a new connection goes on from there', () => {
    const store = new LogStore()
    store.append(name('a'), 0, encode('abc'))
    store.append(name('b', 'stderr'), 0, encode('de'))
    expect(store.ends().map(({ name: { agent, stream }, end }) => [agent, stream, end])).toEqual([
      ['a', 'stdout', 3],
      ['b', 'stderr', 2],
    ])
  })

  it('tells listeners of new bytes only', () => {
    const store = new LogStore()
    const listener = vi.fn()
    const stop = store.listen(listener)
    store.append(name('a'), 0, encode('abc'))
    store.append(name('a'), 0, encode('abc'))
    store.append(name('a'), 50, encode('later'))
    expect(listener).toHaveBeenCalledTimes(1)
    stop()
    store.append(name('a'), 3, encode('d'))
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('drops the oldest over its limit and keeps row numbers', () => {
    const store = new LogStore(64 * 1024)
    const row = encode(`${'z'.repeat(99)}\n`)
    for (let line = 0; line < 3000; line += 1) store.append(name('a'), line * 100, row)
    const view = store.view({})
    expect(view.end).toBe(3000)
    expect(view.first).toBeGreaterThan(0)
    expect(store.complete).toBe(false)
    expect(store.receivedBytes).toBe(300_000)
    expect(view.row(2999)?.line).toBe(2999)
    expect(view.row(view.first)).toBeDefined()
  })

  it('takes a million lines', () => {
    const store = new LogStore()
    const view = store.view({ agent: 'a' })
    const frame = encode('2026-11-21 16:31:16.603 flushed 1,204 pending\n'.repeat(1000))
    for (let at = 0; at < 1000; at += 1) store.append(name('a'), at * frame.length, frame)
    expect(view.end).toBe(1_000_000)
    expect(view.row(999_999)?.line).toBe(999_999)
  })
})

describe('find and copy', () => {
  const store = new LogStore()
  store.append(name('a'), 0, encode('\u001b[31mERR\u001b[0mOR one\nfine\nerror two\n'))
  store.append(name('b', 'stderr'), 0, encode('another Error\nno end'))
  const { signal } = new AbortController()

  it('finds lines by their text, across colours and ignoring case', async () => {
    expect(await findRows(store.view({}), 'error', 0, signal)).toEqual([0, 2, 3])
    expect(await findRows(store.view({}), 'error', 1, signal)).toEqual([2, 3])
    expect(await findRows(store.view({ agent: 'b' }), 'ERROR', 0, signal)).toEqual([0])
    expect(await findRows(store.view({}), '[31m', 0, signal)).toEqual([])
  })

  it('goes to the next hit, and round', () => {
    expect(hitFrom([2, 5, 9], 5)).toBe(1)
    expect(hitFrom([2, 5, 9], 6)).toBe(2)
    expect(hitFrom([2, 5, 9], 10)).toBe(0)
  })

  it('copies the whole output as it reads, and nothing when it is too large', () => {
    expect(wholeText(store.view({}))).toBe('ERROR one\nfine\nerror two\nanother Error\nno end')
    expect(wholeText(store.view({}), 10)).toBeUndefined()
  })
})

import { afterEach, describe, expect, it, vi } from 'vitest'

import { shownText } from '@/modules/console/line-text'
import { LogStore } from '@/modules/console/log-store'
import type { OutputView } from '@/modules/console/output-source'
import { heldText, readText, wholeRange } from '@/modules/console/selection'
import { FakeOutput } from '@/testing/fake-output'

const kAll: OutputView = { agent: undefined, stream: undefined }
const kLimits = { storedBytes: 1 << 20, liveBytes: 1 << 20, liveLines: 1 << 20 }
const stores: LogStore[] = []

afterEach(() => {
  for (const store of stores.splice(0)) store.stop()
})

async function opened(output: FakeOutput, view = kAll, limits = kLimits): Promise<LogStore> {
  const store = new LogStore(output, view, limits)
  stores.push(store)
  store.start()
  await vi.waitFor(() => expect(store.phase).toBe('ready'))
  return store
}

function rowText(store: LogStore, at: number): string {
  const row = store.row(at)
  if (row.kind === 'gap') return `${row.bytes} missing from ${row.host}`
  return row.kind === 'line' ? `${row.stream.host} ${row.number} ${shownText(row)}` : '…'
}

async function all(store: LogStore): Promise<string[]> {
  await store.ensure(0, store.lines - 1, new AbortController().signal)
  return Array.from({ length: store.rows }, (_, at) => rowText(store, at))
}

const expected = (output: FakeOutput, view = kAll) =>
  output.lines(view).map((line) => `${line.host} ${line.line} ${line.text}`)

describe('LogStore', () => {
  it('knows how many lines there are before it fetched any, and fetches what is looked at', async () => {
    const output = new FakeOutput()
    for (let line = 0; line < 400; line += 1) output.print('a', `line ${line}\n`)
    const store = await opened(output)
    expect(store.rows).toBe(400)
    expect(output.asked).toEqual(['index'])
    expect(rowText(store, 390)).toBe('…')
    store.want(380, 399)
    await vi.waitFor(() => expect(rowText(store, 390)).toBe('a 391 line 390'))
    expect(rowText(store, 0)).toBe('…')
    expect(output.asked.filter((what) => what.startsWith('frames')).length).toBeLessThan(8)
  })

  it('orders lines by where they begin, over the seam to what comes live', async () => {
    const output = new FakeOutput()
    output.print('a', 'a1\na2 begins')
    output.print('b', 'b1\n')
    const store = await opened(output)
    output.print('b', 'b2\nb3 open')
    output.print('a', ' and ends\na3\n')
    output.print('b', ' no more\n', 'stdout')
    expect(await all(store)).toEqual([
      'a 1 a1',
      'a 2 a2 begins and ends',
      'b 1 b1',
      'b 2 b2',
      'b 3 b3 open no more',
      'a 3 a3',
    ])
  })

  it('shows a view of one host, one stream, or both', async () => {
    const output = new FakeOutput()
    output.print('a', 'a1\n')
    output.print('a', 'bad\n', 'stderr')
    output.print('b', 'worse\n', 'stderr')
    const views = [
      { agent: 'a', stream: undefined },
      { agent: undefined, stream: 'stderr' },
      { agent: 'a', stream: 'stderr' },
    ] as const
    for (const view of views) {
      const store = await opened(output, view)
      output.print('a', 'more\n', 'stderr')
      output.print('a', 'a2\n')
      output.print('b', 'b1\n')
      expect(await all(store)).toEqual(expected(output, view))
    }
  })

  it('puts lines together that are cut by pieces and segments, bytes of a character too', async () => {
    const output = new FakeOutput()
    output.segmentBytes = 1
    for (const byte of new TextEncoder().encode('größe\r\nzwei\n10 %\r100 %\nlast'))
      output.print('a', Uint8Array.of(byte))
    const store = await opened(output)
    expect(await all(store)).toEqual(['a 1 größe', 'a 2 zwei', 'a 3 100 %', 'a 4 last'])
    const last = store.row(3)
    expect(last).toMatchObject({ open: true, cut: false })
    output.print('a', ' line\n')
    expect(rowText(store, 3)).toBe('a 4 last line')
  })

  it('cuts a long line and fetches the whole when asked', async () => {
    const output = new FakeOutput()
    output.segmentBytes = 1000
    for (let at = 0; at < 100; at += 1) output.print('a', 'x'.repeat(1000))
    output.print('a', '\nnext\n')
    const store = await opened(output)
    await store.ensure(0, 1, new AbortController().signal)
    const row = store.row(0)
    expect(row).toMatchObject({ kind: 'line', cut: true })
    if (row.kind !== 'line') return
    expect(row.bytes.length).toBe(16 * 1024)
    await store.expand(row, 1 << 20)
    expect(store.row(0)).toMatchObject({ length: 100_000, cut: false })
    expect(rowText(store, 1)).toBe('a 2 next')
    expect(await readText(store, wholeRange(store), store.signal)).toBe(`${'x'.repeat(100_000)}\nnext\n`)
  })

  it('drops what is far away and fetches it again', async () => {
    const output = new FakeOutput()
    output.segmentBytes = 100
    for (let line = 0; line < 1000; line += 1) output.print('a', `line ${line}\n`)
    const store = await opened(output, kAll, { ...kLimits, storedBytes: 1000 })
    for (let at = 0; at < 1000; at += 10) {
      store.want(at, at + 9)
      await vi.waitFor(() => expect(rowText(store, at + 9)).toBe(`a ${at + 10} line ${at + 9}`))
    }
    expect(store.heldBytes).toBeLessThanOrEqual(1100)
    expect(rowText(store, 0)).toBe('…')
    store.want(0, 9)
    await vi.waitFor(() => expect(rowText(store, 0)).toBe('a 1 line 0'))
  })

  it('gives up fetches far from what is looked at', async () => {
    const output = new FakeOutput()
    for (let line = 0; line < 1000; line += 1) output.print('a', `line ${line}\n`)
    const store = await opened(output)
    let letGo: () => void = () => undefined
    output.onAsk = () => new Promise((resolve) => (letGo = resolve))
    store.want(0, 40)
    expect(output.asking).toBe(4)
    output.onAsk = () => Promise.resolve()
    store.want(960, 999)
    letGo()
    await vi.waitFor(() => expect(rowText(store, 999)).toBe('a 1000 line 999'))
    store.stop()
    const asked = output.asked.length
    store.want(0, 40)
    expect(output.asked.length).toBe(asked)
  })

  it('does not give up what somebody waits for, wherever one looks meanwhile', async () => {
    const output = new FakeOutput()
    for (let line = 0; line < 1000; line += 1) output.print('a', `line ${line}\n`)
    const store = await opened(output)
    let letGo: () => void = () => undefined
    output.onAsk = () => new Promise((resolve) => (letGo = resolve))
    const reading = store.ensure(900, 900, store.signal)
    output.onAsk = () => Promise.resolve()
    store.want(0, 9)
    letGo()
    await reading
    expect(rowText(store, 900)).toBe('a 901 line 900')
  })

  it('asks again for what could not be fetched', async () => {
    const output = new FakeOutput()
    output.print('a', 'one\n')
    const store = await opened(output)
    output.failing = true
    store.want(0, 0)
    await vi.waitFor(() => expect(store.failing).toBe(true))
    output.failing = false
    await vi.waitFor(() => expect(rowText(store, 0)).toBe('a 1 one'), 3000)
    expect(store.failing).toBe(false)
  })

  it('takes a newer index when much came live, and loses and doubles nothing', async () => {
    const output = new FakeOutput()
    output.print('a', 'first\nopen')
    output.print('b', 'b1\n')
    const store = await opened(output, kAll, { ...kLimits, liveLines: 50 })
    for (let line = 0; line < 60; line += 1) {
      output.print('a', ` a${line}\nopen again`)
      output.print('b', `b${line}\n`, line % 2 ? 'stdout' : 'stderr')
    }
    expect(store.storedLines).toBe(3)
    await vi.waitFor(() => expect(store.storedLines).toBeGreaterThan(50))
    output.print('a', ' at last\n')
    expect(await all(store)).toEqual(expected(output))
    expect(store.lines).toBe(output.lines(kAll).length)
  })

  it('shows what is missing and asks for it again', async () => {
    const output = new FakeOutput()
    output.print('a', 'one\n')
    const again: (() => void)[] = []
    const follow = output.follow
    output.follow = (tap) => {
      const following = follow(tap)
      return { ...following, askAgain: () => again.push(following.askAgain) }
    }
    const store = await opened(output)
    output.pieces.push(gapPiece(output, 'two\n'), gapPiece(output, 'three\n', 4))
    output.sendOnly(2)
    expect(store.rows).toBe(2)
    expect(rowText(store, 1)).toBe('4 missing from a')
    again[0]?.()
    expect(await all(store)).toEqual(['a 1 one', 'a 2 two', 'a 3 three'])
  })

  it('passes over what it holds already', async () => {
    const output = new FakeOutput()
    output.print('a', 'one\n')
    const store = await opened(output)
    output.print('a', 'two\n')
    output.sendOnly(0)
    output.sendOnly(1)
    output.print('a', 'three\n')
    expect(await all(store)).toEqual(['a 1 one', 'a 2 two', 'a 3 three'])
  })

  it('says that it could not be loaded, and begins anew', async () => {
    const output = new FakeOutput()
    output.print('a', 'one\n')
    output.failing = true
    const store = new LogStore(output, kAll)
    stores.push(store)
    store.start()
    await vi.waitFor(() => expect(store.phase).toBe('failed'))
    output.failing = false
    store.start()
    await vi.waitFor(() => expect(store.phase).toBe('ready'))
    expect(await all(store)).toEqual(['a 1 one'])
  })

  it('finds the row of a line in every view', async () => {
    const output = new FakeOutput()
    for (let line = 0; line < 100; line += 1) {
      output.print('a', `a${line}\n`)
      output.print('a', `e${line}\n`, 'stderr')
      output.print('b', `b${line}\n`)
    }
    const host = await opened(output, { agent: 'a', stream: undefined })
    expect(rowText(host, 0)).toBe('…')
    const row = await host.find('a/stderr', 77, undefined)
    expect(rowText(host, row)).toBe('a 77 e76')
    expect(await host.find('a/stdout', 101, undefined)).toBe(-1)
    const one = await opened(output, { agent: 'a', stream: 'stdout' })
    expect(await one.find('a/stdout', 77, undefined)).toBe(76)
    output.print('a', 'live\n')
    expect(rowText(one, await one.find('a/stdout', 101, undefined))).toBe('a 101 live')
    const every = await opened(output)
    const [match] = output.lines(kAll).filter(({ host: name, line }) => name === 'b' && line === 50)
    expect(rowText(every, await every.find('b/stdout', 50, match?.position))).toBe('b 50 b49')
  })

  it('reads the text of chosen lines from what is held, or not at all', async () => {
    const output = new FakeOutput()
    output.print('a', '\u001b[31mred\u001b[0m\nplain\n')
    const store = await opened(output)
    expect(heldText(store, wholeRange(store))).toBeUndefined()
    expect(await readText(store, wholeRange(store), store.signal)).toBe('red\nplain\n')
    expect(heldText(store, { from: 1, to: 1 })).toBe('plain\n')
  })

  it('holds a million live lines of many hosts', async () => {
    const output = new FakeOutput()
    const store = await opened(output, kAll, { ...kLimits, liveBytes: 1 << 28, liveLines: 1 << 21 })
    const batch = `${'a line of output\n'.repeat(5000)}`
    for (let at = 0; at < 200; at += 1) output.print(`host ${at % 20}`, batch)
    expect(store.lines).toBe(1_000_000)
    expect(rowText(store, 999_999)).toBe('host 19 50000 a line of output')
    expect(rowText(store, 500_000)).toBe('host 0 25001 a line of output')
  })
})

function gapPiece(output: FakeOutput, text: string, later = 0) {
  const [first] = output.pieces
  if (!first) throw new Error('nothing was printed')
  const data = new TextEncoder().encode(text)
  return { ...first, offset: 4 + later, firstLine: later ? 3 : 2, position: 4 + later, data }
}

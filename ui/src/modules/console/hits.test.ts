import { describe, expect, it, vi } from 'vitest'

import { type FindQuery, kNoQuery } from '@/modules/console/find-query'
import { Hits } from '@/modules/console/hits'
import { LogStore } from '@/modules/console/log-store'
import { FakeOutput } from '@/testing/fake-output'

const kAll = { agent: undefined, stream: undefined }

async function found(
  output: FakeOutput,
  query: Partial<FindQuery>,
  limits?: ConstructorParameters<typeof LogStore>[2],
) {
  const store = new LogStore(output, kAll, limits)
  store.start()
  await vi.waitFor(() => expect(store.phase).toBe('ready'))
  const hits = new Hits(store, output, { ...kNoQuery, ...query }, () => undefined)
  hits.update()
  await vi.waitFor(() => expect(hits.total).toBeDefined())
  store.listen(() => hits.update())
  return { store, hits }
}

async function lines(hits: Hits): Promise<string[]> {
  const total = hits.total ?? 0
  const all = await Promise.all(Array.from({ length: total }, (_, ordinal) => hits.at(ordinal)))
  return all.map((hit) => `${hit?.stream} ${hit?.number}`)
}

function printed(): FakeOutput {
  const output = new FakeOutput()
  output.print('a', 'fine\nTimeout one\n')
  output.print('b', 'timeout two\n')
  output.print('a', 'worse\n', 'stderr')
  output.print('b', 'fine (again)\nERROR three\n')
  return output
}

describe('Hits', () => {
  it('finds without case, with it, by text and by expression, and counts exactly', async () => {
    const output = printed()
    expect(await lines((await found(output, { text: 'timeout' })).hits)).toEqual(['a/stdout 2', 'b/stdout 1'])
    const exact = await found(output, { text: 'timeout', matchCase: true })
    expect(await lines(exact.hits)).toEqual(['b/stdout 1'])
    expect(await lines((await found(output, { text: '(again)' })).hits)).toEqual(['b/stdout 2'])
    const pattern = await found(output, { text: '^t.*o$', regex: true })
    expect(await lines(pattern.hits)).toEqual(['b/stdout 1'])
    expect((await found(output, { text: 'nowhere' })).hits.total).toBe(0)
  })

  it('takes lines on stderr and lines that look like errors for errors, each once, in order', async () => {
    const { hits } = await found(printed(), { errors: true })
    expect(await lines(hits)).toEqual(['a/stderr 1', 'b/stdout 3'])
  })

  it('goes on in what comes live, in lines that end later too', async () => {
    const output = printed()
    const { hits } = await found(output, { text: 'timeout' })
    output.print('a', 'a time')
    output.print('b', 'no\n')
    await vi.waitFor(() => expect(hits.total).toBe(2))
    output.print('a', 'out at last\n')
    await vi.waitFor(() => expect(hits.total).toBe(3))
    expect(await lines(hits)).toEqual(['a/stdout 2', 'b/stdout 1', 'a/stdout 3'])
  })

  it('counts anew when a newer index takes the place of what came live', async () => {
    const output = printed()
    const { store, hits } = await found(
      output,
      { text: 'timeout' },
      { storedBytes: 1 << 20, liveBytes: 1 << 20, liveLines: 3 },
    )
    for (let at = 0; at < 8; at += 1) output.print('a', `timeout ${at}\n`)
    await vi.waitFor(() => expect(store.storedLines).toBeGreaterThan(6))
    await vi.waitFor(() => expect(hits.total).toBe(10))
    expect((await lines(hits)).at(-1)).toBe('a/stdout 10')
  })

  it('fetches further pages as they are needed', async () => {
    const output = new FakeOutput()
    output.segmentBytes = 1 << 16
    const batch = 'x\n'.repeat(2000)
    for (let at = 0; at < 8; at += 1) output.print('a', batch)
    const { store, hits } = await found(output, { text: 'x' })
    expect(hits.total).toBe(16_000)
    expect(hits.known).toBe(5000)
    expect(await hits.at(15_999)).toMatchObject({ number: 16_000 })
    expect(hits.known).toBe(16_000)
    await store.ensure(store.rows - 50, store.rows - 1, store.signal)
    expect(await hits.ordinalFrom(store.rows - 1)).toBe(15_999)
  })

  it('tells where one is: the first hit at a row or after it', async () => {
    const { store, hits } = await found(printed(), { text: 'timeout' })
    await store.ensure(0, 5, store.signal)
    expect(await hits.ordinalFrom(0)).toBe(0)
    expect(await hits.ordinalFrom(2)).toBe(1)
    expect(await hits.ordinalFrom(3)).toBe(2)
    expect(hits.rows()).toEqual([1, 2])
  })

  it('says why a search failed', async () => {
    const output = printed()
    const store = new LogStore(output, kAll)
    store.start()
    await vi.waitFor(() => expect(store.phase).toBe('ready'))
    output.failing = true
    const hits = new Hits(store, output, { ...kNoQuery, text: 'x' }, () => undefined)
    hits.update()
    await vi.waitFor(() => expect(hits.error).toBeInstanceOf(Error))
    expect(hits.total).toBeUndefined()
  })
})

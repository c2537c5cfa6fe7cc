import { describe, expect, it } from 'vitest'

import { LogSource } from '@/modules/console/log-source'

const encode = (text: string) => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const kStream = { key: 'agent/stdout', agent: 'agent', host: 'host', stream: 'stdout' } as const
const make = (begins = { offset: 0, lines: 0, endsLine: true }) => new LogSource(0, kStream, begins)

function lines(source: LogSource): string[] {
  const all: string[] = []
  for (let line = 0; line < source.lineCount; line += 1) all.push(decode(source.line(line, 1 << 20).bytes))
  return all
}

describe('LogSource', () => {
  it('finds lines that arrive whole, in pieces, and without an end', () => {
    const source = make()
    source.append(0, encode('one\ntw'))
    source.append(6, encode('o\n\nfour'))
    expect(lines(source)).toEqual(['one', 'two', '', 'four'])
    expect(source.line(3, 100)).toMatchObject({ open: true, length: 4 })
    source.append(13, encode('\n'))
    expect(source.line(3, 100)).toMatchObject({ open: false, length: 4 })
    expect(source.lineCount).toBe(4)
  })

  it('begins a line with its first byte, not with the newline before it', () => {
    const source = make()
    source.append(0, encode('a\n'))
    expect(source.lineCount).toBe(1)
    source.append(2, encode('b'))
    expect(source.lineCount).toBe(2)
  })

  it('puts a character back together that two frames cut', () => {
    const source = make()
    const bytes = encode('größe\n')
    for (let at = 0; at < bytes.length; at += 1) source.append(at, bytes.subarray(at, at + 1))
    expect(lines(source)).toEqual(['größe'])
  })

  it('skips what it already holds and refuses what comes after a gap', () => {
    const source = make()
    expect(source.append(0, encode('abcdef'))).toBe('added')
    expect(source.append(0, encode('abc'))).toBe('known')
    expect(source.append(3, encode('defgh'))).toBe('added')
    expect(source.append(100, encode('x'))).toBe('gap')
    expect(source.end).toBe(8)
    expect(lines(source)).toEqual(['abcdefgh'])
  })

  it('keeps lines whole across its blocks', () => {
    const source = make()
    const long = 'x'.repeat(5000)
    const text = Array.from({ length: 300 }, (_, line) => `${line} ${long}`).join('\n')
    const bytes = encode(text)
    for (let at = 0; at < bytes.length; at += 777) source.append(at, bytes.subarray(at, at + 777))
    expect(source.lineCount).toBe(300)
    expect(decode(source.line(0, 1 << 20).bytes)).toBe(`0 ${long}`)
    expect(decode(source.line(299, 1 << 20).bytes)).toBe(`299 ${long}`)
    expect(lines(source).join('\n')).toBe(text)
  })

  it('cuts a line to the limit and tells its whole length', () => {
    const source = make()
    source.append(0, encode('x'.repeat(1000)))
    const line = source.line(0, 100)
    expect(line.bytes.length).toBe(100)
    expect(line.length).toBe(1000)
  })

  it('goes on in the middle of a line that was stored before', () => {
    const source = make({ offset: 1000, lines: 7, endsLine: false })
    expect(source.append(990, encode('long known'))).toBe('known')
    expect(source.head(100)).toMatchObject({ length: 0, open: true })
    source.append(1000, encode('rest'))
    expect(source.head(100)).toMatchObject({ length: 4, open: true })
    expect(source.lineCount).toBe(0)
    source.append(1004, encode(' of it\nnext\n'))
    expect(decode(source.head(100).bytes)).toBe('rest of it')
    expect(source.head(100).open).toBe(false)
    expect(decode(source.head(2).bytes)).toBe('re')
    expect(lines(source)).toEqual(['next'])
    expect(source.number(0)).toBe(8)
    expect(source.lineOffset(0)).toBe(1011)
    expect(decode(source.bytesFrom(1008))).toBe('it\nnext\n')
  })

  it('takes every byte value as it is', () => {
    const source = make()
    const all = Uint8Array.from({ length: 256 }, (_, value) => value)
    source.append(0, all)
    expect(source.lineCount).toBe(2)
    expect(source.line(0, 1000).bytes).toEqual(all.subarray(0, 10))
    expect(source.line(1, 1000).bytes).toEqual(all.subarray(11))
  })
})

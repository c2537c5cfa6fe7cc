import { describe, expect, it } from 'vitest'

import { layOut, plainText, rangesOf } from '@/modules/console/line-text'
import { lineHash, parseLineLink } from '@/modules/console/line-link'

const plain = (text: string) => [{ text, style: undefined }]
const rows = (text: string, width: number) => {
  const { parts, rows: count } = layOut(plain(text), [], width)
  const broken = parts.map((part) => part.text).join('')
  expect(broken.split('\n').length).toBe(count)
  return broken.split('\n')
}

describe('layOut', () => {
  it('breaks a line after so many columns, and not before it must', () => {
    expect(rows('abcdefgh', 4)).toEqual(['abcd', 'efgh'])
    expect(rows('abcdefghi', 4)).toEqual(['abcd', 'efgh', 'i'])
    expect(rows('', 4)).toEqual([''])
  })

  it('counts wide characters twice, joined ones not, tabs to the next stop', () => {
    expect(rows('漢字漢字', 4)).toEqual(['漢字', '漢字'])
    expect(rows('a漢字', 4)).toEqual(['a漢', '字'])
    expect(rows('e\u0301e\u0301e\u0301', 2)).toEqual(['e\u0301e\u0301', 'e\u0301'])
    expect(rows('a\tb', 9)).toEqual(['a\tb'])
    expect(rows('a\tbc', 9)).toEqual(['a\tb', 'c'])
  })

  it('marks hits across runs and breaks', () => {
    const runs = [...plain('one ti'), { text: 'meout two', style: undefined }]
    const { parts } = layOut(runs, rangesOf('one timeout two', /timeout/g), 8)
    expect(parts.filter((part) => part.hit).map((part) => part.text)).toEqual(['ti', 'me\nout'])
    expect(parts.map((part) => part.text.replaceAll('\n', '')).join('')).toBe('one timeout two')
  })

  it('marks nothing where an expression matches nothing', () => {
    expect(rangesOf('abc', /x*/g)).toEqual([])
  })
})

describe('plainText', () => {
  it('makes visible what cannot be seen', () => {
    expect(plainText('a\u202eb\u200bc\ufeffd\u{e0041}')).toBe(String.raw`a\u202eb\u200bc\ufeffd\ue0041`)
    expect(plainText('👩‍🚀')).toBe('👩‍🚀')
    expect(plainText('a\u200db')).toBe(String.raw`a\u200db`)
  })
})

describe('line links', () => {
  it('reads what it writes', () => {
    for (const [stream, from, to, shown] of [
      ['stdout', 1, 1, undefined],
      ['stdout', 10, 25, undefined],
      ['stderr', 10, 25, undefined],
      ['stderr', 182_000, 182_000, 'stderr'],
    ] as const) {
      const link = parseLineLink(lineHash(stream, from, to, shown))
      expect(link).toMatchObject({ from, to })
      expect(link?.stream ?? shown ?? 'stdout').toBe(stream)
    }
    expect(lineHash('stdout', 182_000, 182_000, undefined)).toBe('#L182000')
    expect(parseLineLink('#L25-L10')).toMatchObject({ from: 10, to: 25 })
  })

  it.each(['', '#', '#L', '#L0', '#L-1', '#M3', '#L1-', '#L99999999999'])('passes over %s', (hash) => {
    expect(parseLineLink(hash)).toBeUndefined()
  })
})

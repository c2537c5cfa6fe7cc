import { describe, expect, it } from 'vitest'

import { diffLines, foldsOf, linesOf, sideBySide } from '@/features/runbooks/text-diff'

const short = (before: string, after: string) =>
  diffLines(before, after)
    .map((line) => ({ same: ' ', removed: '-', added: '+' })[line.kind] + line.text)
    .join('|')

describe('diffLines', () => {
  it.each([
    ['', '', ''],
    ['a\n', 'a\n', ' a'],
    ['a', 'a\n', ' a'],
    ['', 'a\nb', '+a|+b'],
    ['a\nb', '', '-a|-b'],
    ['a\nb\nc', 'a\nx\nc', ' a|-b|+x| c'],
    ['a\nb\nc', 'b\nc\nd', '-a| b| c|+d'],
    ['a\na\na', 'a\na', ' a| a|-a'],
    ['one\ntwo\nthree\nfour', 'two\none\nthree\nfive', '-one| two|+one| three|-four|+five'],
    ['\n\n', '\n', ' |-'],
  ])('compares %j with %j', (before, after, expected) => expect(short(before, after)).toBe(expected))

  it('numbers the lines of both sides', () => {
    expect(diffLines('a\nb', 'x\nb')).toEqual([
      { kind: 'removed', text: 'a', before: 1, after: undefined },
      { kind: 'added', text: 'x', before: undefined, after: 1 },
      { kind: 'same', text: 'b', before: 2, after: 2 },
    ])
  })

  it('gives both texts back, whatever they are', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed % below
    }
    for (let round = 0; round < 200; round += 1) {
      const text = () => Array.from({ length: random(12) }, () => 'abc'[random(3)]).join('\n')
      const [before, after] = [text(), text()]
      const lines = diffLines(before, after)
      const side = (without: string) => lines.filter((line) => line.kind !== without).map((line) => line.text)
      expect(side('added')).toEqual(linesOf(before))
      expect(side('removed')).toEqual(linesOf(after))
    }
  })

  it('shows texts that are too large to compare as replaced', () => {
    const text = (sign: string) => Array.from({ length: 2_100 }, (_, index) => `${sign}${index}`).join('\n')
    const lines = diffLines(`first\n${text('a')}`, `first\n${text('b')}`)
    expect(lines).toHaveLength(1 + 2 * 2_100)
    expect(lines[0]?.kind).toBe('same')
    expect(lines[1]?.kind).toBe('removed')
    expect(lines.at(-1)?.kind).toBe('added')
  })
})

describe('sideBySide', () => {
  it('puts what was replaced beside what replaced it', () => {
    const rows = sideBySide(diffLines('a\nb\nc', 'a\nx\ny\nz\nc'))
    expect(rows.map(({ left, right }) => [left?.text, right?.text])).toEqual([
      ['a', 'a'],
      ['b', 'x'],
      [undefined, 'y'],
      [undefined, 'z'],
      ['c', 'c'],
    ])
  })
})

describe('foldsOf', () => {
  const rows = (text: string) => [...text].map((sign) => sign === 'x')
  it.each([
    ['', []],
    ['.....', []],
    ['.....x', [{ from: 0, to: 3 }]],
    ['x.....', [{ from: 3, to: 6 }]],
    ['x.......x', [{ from: 3, to: 6 }]],
    ['x....x', []],
    ['x.....x', []],
  ])('folds %j', (text, folds) => expect(foldsOf(rows(text), 2)).toEqual(folds))
})

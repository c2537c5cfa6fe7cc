import { describe, expect, it } from 'vitest'

import { countChanges, diffRunbooks, fieldChanges, longestRising } from '@/features/runbooks/runbook-diff'
import type { Block, Runbook } from '@/lib/model'
import { aRunbook } from '@/testing/server'

const block = (id: string, more: Partial<Block> = {}): Block => ({
  id,
  name: id.toUpperCase(),
  slug: id,
  order: 0,
  type: 'command',
  on_failure: 'stop',
  config: { command: `echo ${id}` },
  ...more,
})
const blocks = (ids: string): Block[] => [...ids].map((id, order) => block(id, { order }))
const compare = (before: Block[], after: Block[]) =>
  diffRunbooks(aRunbook({ blocks: before }), aRunbook({ blocks: after })).blocks

const short = (before: string, after: string) =>
  compare(blocks(before), blocks(after))
    .map((each) => {
      const sign = { same: '', changed: '*', added: '+', removed: '-' }[each.kind]
      return sign + (each.moved ? '~' : '') + (each.after ?? each.before)?.item.id
    })
    .join(' ')

describe('diffRunbooks, blocks', () => {
  it.each([
    ['abc', 'abc', 'a b c'],
    ['', 'ab', '+a +b'],
    ['ab', '', '-a -b'],
    ['abc', 'axbc', 'a +x b c'],
    ['abc', 'ac', 'a -b c'],
    ['abc', 'axc', 'a -b +x c'],
    ['abcd', 'dabc', '~d a b c'],
    ['abcd', 'bcda', 'b c d ~a'],
    ['abcd', 'acbd', 'a c ~b d'],
    ['abcdef', 'afbd', 'a ~f b -c d -e'],
  ])('tells %s from %s', (before, after, expected) => expect(short(before, after)).toBe(expected))

  it('names the fields that changed, also inside the configuration', () => {
    const before = block('a', { config: { command: 'echo', targets: { selector: 'role=web' }, retries: 1 } })
    const after = block('a', {
      name: 'New name',
      when: 'params.x',
      config: { command: 'echo', targets: { selector: 'role=db' }, run_as: 'deploy' },
    })
    const [change] = compare([before], [after])
    expect(change?.kind).toBe('changed')
    expect(change?.fields).toEqual([
      { name: 'name', before: 'A', after: 'New name' },
      { name: 'targets.selector', before: 'role=web', after: 'role=db' },
      { name: 'retries', before: '1', after: undefined },
      { name: 'when', before: undefined, after: 'params.x' },
      { name: 'run_as', before: undefined, after: 'deploy' },
    ])
  })

  it('knows a block by its slug when a document written anew gave it another id', () => {
    const [change] = compare([block('a')], [{ ...block('a'), id: 'another' }])
    expect(change?.kind).toBe('same')
  })

  it('takes the id before the slug', () => {
    const before = [block('a'), block('b')]
    const after = [
      { ...block('a'), slug: 'b' },
      { ...block('b'), slug: 'a' },
    ]
    expect(compare(before, after).map((each) => each.fields.map((field) => field.name))).toEqual([
      ['slug'],
      ['slug'],
    ])
  })

  it('shows a block whose type changed as changed', () => {
    const [change] = compare([block('a')], [block('a', { type: 'timer', config: { seconds: 5 } })])
    expect(change?.fields.map((field) => field.name)).toEqual(['type', 'command', 'seconds'])
  })
})

describe('diffRunbooks, the rest', () => {
  const parameters: Runbook['parameters'] = [
    { name: 'path', type: 'string', required: true },
    { name: 'size', type: 'integer', default: 3 },
  ]
  it('tells facts and parameters apart, and counts', () => {
    const diff = diffRunbooks(
      aRunbook({ title: 'Old', labels: { team: 'a' }, parameters }),
      aRunbook({
        title: 'New',
        labels: { team: 'b', kind: 'x' },
        parameters: [
          { name: 'size', type: 'integer', default: 4 },
          { name: 'mode', type: 'boolean' },
        ],
      }),
    )
    expect(diff.facts).toEqual([
      { name: 'title', before: 'Old', after: 'New' },
      { name: 'labels.team', before: 'a', after: 'b' },
      { name: 'labels.kind', before: undefined, after: 'x' },
    ])
    expect(diff.parameters.map((each) => [each.kind, (each.after ?? each.before)?.item.name])).toEqual([
      ['removed', 'path'],
      ['changed', 'size'],
      ['added', 'mode'],
    ])
    expect(countChanges(diff)).toEqual({ added: 1, removed: 1, changed: 2, moved: 0 })
  })

  it('finds nothing between equal versions', () => {
    expect(countChanges(diffRunbooks(aRunbook(), aRunbook()))).toEqual({
      added: 0,
      removed: 0,
      changed: 0,
      moved: 0,
    })
  })
})

describe('fieldChanges', () => {
  it('does not see the order of keys, an absent value and an empty object', () => {
    expect(fieldChanges({ a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 1, d: undefined, e: null })).toEqual([])
    expect(fieldChanges({ a: {} }, { a: { b: 1 } })).toEqual([
      { name: 'a', before: '{}', after: undefined },
      { name: 'a.b', before: undefined, after: '1' },
    ])
  })
})

describe('longestRising', () => {
  it.each([
    [[], []],
    [
      [0, 1, 2],
      [0, 1, 2],
    ],
    [
      [2, 0, 1],
      [0, 1],
    ],
    [
      [1, 2, 3, 0],
      [1, 2, 3],
    ],
  ])('keeps of %j %j', (values, kept) => expect([...longestRising(values)].sort()).toEqual(kept))
})

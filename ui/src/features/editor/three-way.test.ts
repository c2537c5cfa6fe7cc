import { describe, expect, test } from 'vitest'

import { type Choice, conflictsOf, threeWay, together } from '@/features/editor/three-way'
import { mergedText, sideOf } from '@/features/editor/three-way-text'
import { type YamlDocument, parseYaml } from '@/features/editor/yaml-document'
import { viewOf } from '@/features/editor/yaml-sync'

function read(text: string): YamlDocument {
  const result = parseYaml(text)
  if (!result.ok) throw new Error(result.error.message)
  return result.document
}

// "A=1 B=2#note" is a runbook of two timers with a comment in the second.
function runbook(blocks: string, head = 'title: t'): string {
  const items = blocks
    .split(' ')
    .filter(Boolean)
    .map((one) => {
      const [, name, seconds, comment] = /^([^=]+)=(\d+)(?:#(.*))?$/.exec(one) ?? []
      const note = comment ? `    # ${comment}\n` : ''
      return `  - name: ${name}\n    type: timer\n${note}    config: { seconds: ${seconds} }\n`
    })
  return `${head}\nblocks:\n${items.join('')}`
}

function brief(text: string): string {
  return viewOf(read(text))
    .blocks.map((block) => `${block.name}=${String(block.config['seconds'])}`)
    .join(' ')
}

function compare(base: string, mine: string, theirs: string) {
  return threeWay(sideOf(read(base)), sideOf(read(mine)), sideOf(read(theirs)))
}

function merge(base: string, mine: string, theirs: string, choices: Record<string, Choice> = {}): string {
  return mergedText(read(theirs), together(compare(base, mine, theirs), choices))
}

const kBase = 'A=1 B=2 C=3'

describe('blocks that one side touched', () => {
  test.each([
    ['nothing', kBase, kBase, kBase],
    ['mine changed', 'A=9 B=2 C=3', kBase, 'A=9 B=2 C=3'],
    ['theirs changed', kBase, 'A=1 B=8 C=3', 'A=1 B=8 C=3'],
    ['each another', 'A=9 B=2 C=3', 'A=1 B=2 C=7', 'A=9 B=2 C=7'],
    ['both the same', 'A=9 B=2 C=3', 'A=9 B=2 C=3', 'A=9 B=2 C=3'],
    ['mine added', 'A=1 X=5 B=2 C=3', kBase, 'A=1 X=5 B=2 C=3'],
    ['theirs added', kBase, 'Y=6 A=1 B=2 C=3', 'Y=6 A=1 B=2 C=3'],
    ['both added, in different places', 'A=1 X=5 B=2 C=3', 'A=1 B=2 C=3 Y=6', 'A=1 X=5 B=2 C=3 Y=6'],
    ['both added, in one place', 'A=1 X=5 B=2 C=3', 'A=1 Y=6 B=2 C=3', 'A=1 X=5 Y=6 B=2 C=3'],
    ['both added the same', 'A=1 X=5 B=2 C=3', 'A=1 X=5 B=2 C=3', 'A=1 X=5 B=2 C=3'],
    ['mine first of all', 'X=5 A=1 B=2 C=3', 'A=1 B=2 C=4', 'X=5 A=1 B=2 C=4'],
    ['mine removed', 'A=1 C=3', kBase, 'A=1 C=3'],
    ['theirs removed', 'A=9 B=2 C=3', 'A=1 C=3', 'A=9 C=3'],
    ['both removed', 'A=1 C=3', 'A=1 C=3', 'A=1 C=3'],
    ['mine moved', 'C=3 A=1 B=2', 'A=1 B=8 C=3', 'C=3 A=1 B=8'],
    ['theirs moved', 'A=9 B=2 C=3', 'B=2 C=3 A=1', 'B=2 C=3 A=9'],
    ['mine moved, theirs added', 'C=3 A=1 B=2', 'A=1 B=2 Y=6 C=3', 'C=3 A=1 B=2 Y=6'],
    ['both moved alike', 'B=2 A=1 C=3', 'B=2 A=1 C=3', 'B=2 A=1 C=3'],
    ['mine renamed', 'A=1 Bee=2 C=3', 'A=1 B=2 C=7', 'A=1 Bee=2 C=7'],
    ['mine renamed and changed', 'A=1 Bee=5 C=3', 'A=1 B=2 C=7', 'A=1 Bee=5 C=7'],
    ['all mine removed', '', kBase, ''],
  ])('%s', (_, mine, theirs, expected) => {
    const merged = merge(runbook(kBase), mine ? runbook(mine) : 'title: t\nblocks: []\n', runbook(theirs))
    expect(brief(merged)).toBe(expected)
  })
})

describe('blocks that both touched', () => {
  test.each([
    ['changed differently', 'A=1 B=9 C=3', 'A=1 B=8 C=3', 'A=1 B=9 C=3', 'A=1 B=8 C=3'],
    ['mine removed, theirs changed', 'A=1 C=3', 'A=1 B=8 C=3', 'A=1 C=3', 'A=1 B=8 C=3'],
    ['mine changed, theirs removed', 'A=1 B=9 C=3', 'A=1 C=3', 'A=1 B=9 C=3', 'A=1 C=3'],
  ])('are asked for: %s', (_, mine, theirs, whenMine, whenTheirs) => {
    const texts = [runbook(kBase), runbook(mine), runbook(theirs)] as const
    const conflicts = conflictsOf(compare(...texts))
    expect(conflicts.map((one) => [one.kind, one.name])).toEqual([['block', 'B']])
    const id = conflicts[0]?.id ?? ''
    expect(brief(merge(...texts, { [id]: 'mine' }))).toBe(whenMine)
    expect(brief(merge(...texts, { [id]: 'theirs' }))).toBe(whenTheirs)
    expect(() => merge(...texts)).toThrow('nobody chose')
  })

  test('the order is asked for when both changed it', () => {
    const texts = [runbook(kBase), runbook('C=3 A=1 B=2'), runbook('B=2 A=1 C=3')] as const
    expect(conflictsOf(compare(...texts)).map((one) => one.id)).toEqual(['order'])
    expect(brief(merge(...texts, { order: 'mine' }))).toBe('C=3 A=1 B=2')
    expect(brief(merge(...texts, { order: 'theirs' }))).toBe('B=2 A=1 C=3')
  })
})

describe('comments', () => {
  test('a comment of mine is a change of mine', () => {
    const merged = merge(runbook(kBase), runbook('A=1 B=2#mine C=3'), runbook('A=1 B=2 C=7'))
    expect(merged).toContain('# mine')
    expect(brief(merged)).toBe('A=1 B=2 C=7')
  })

  test('theirs outside of my blocks stay', () => {
    const theirs = `# theirs on top\n${runbook('A=1#a B=2 C=3')}`
    const merged = merge(runbook(kBase), runbook('A=1 B=9#b C=3'), theirs)
    expect(merged).toContain('# theirs on top')
    expect(merged).toContain('# a\n')
    expect(merged).toContain('# b\n')
  })
})

describe('the rest of a runbook', () => {
  const side = (head: string) => runbook(kBase, head)

  test.each([
    ['title of mine', 'title: t', 'title: m', 'title: t', { title: 'm' }],
    ['title of theirs', 'title: t', 'title: t', 'title: x', { title: 'x' }],
    [
      'label each',
      'title: t',
      'title: t\nlabels: { a: "1" }',
      'title: t\nlabels: { b: "2" }',
      { labels: { a: '1', b: '2' } },
    ],
    [
      'label removed',
      'title: t\nlabels: { a: "1", b: "2" }',
      'title: t\nlabels: { b: "2" }',
      'title: t\nlabels: { a: "1", b: "3" }',
      { labels: { b: '3' } },
    ],
    ['description of mine', 'title: t', 'title: t\ndescription: d', 'title: t', { description: 'd' }],
    [
      'parameters of both',
      'title: t',
      'title: t\nparameters:\n  - { name: a, type: string }',
      'title: t\nparameters:\n  - { name: b, type: string }',
      {
        parameters: [
          { name: 'a', type: 'string' },
          { name: 'b', type: 'string' },
        ],
      },
    ],
  ])('%s', (_, base, mine, theirs, expected) => {
    expect(viewOf(read(merge(side(base), side(mine), side(theirs))))).toMatchObject(expected)
  })

  test('a title that both changed is asked for', () => {
    const texts = [side('title: t'), side('title: m'), side('title: x')] as const
    const [conflict] = conflictsOf(compare(...texts))
    expect(conflict?.id).toBe('field title')
    expect(viewOf(read(merge(...texts, { 'field title': 'mine' }))).title).toBe('m')
  })
})

test('a version written by a program is the same blocks', () => {
  const theirs = `title: t
blocks:
  - id: 11111111-1111-4111-8111-111111111111
    name: A
    slug: a
    type: timer
    order: 0
    on_failure: stop
    config:
      seconds: 1
  - id: 22222222-2222-4222-8222-222222222222
    name: B
    slug: b
    type: timer
    order: 1
    on_failure: stop
    config:
      seconds: 8
`
  const compared = compare(runbook('A=1 B=2'), runbook('A=9 B=2'), theirs)
  expect(compared.differences.map((one) => [one.name, one.by, one.conflict])).toEqual([
    ['A', 'mine', false],
    ['B', 'theirs', false],
  ])
  expect(brief(mergedText(read(theirs), together(compared, {})))).toBe('A=9 B=8')
})

// Whatever both did: each of my changes is in the result or was asked for, and so is each of theirs.
describe('random edits', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))('lose nothing (seed %i)', (seed) => {
    let state = (seed + 1) * 2654435761
    const next = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const change = (own: string): string => {
      const blocks = ['A=1', 'B=2', 'C=3', 'D=4', 'E=5']
      for (let step = 0; step < 3; step += 1) {
        const at = next(blocks.length)
        const kind = next(4)
        if (kind === 0) blocks[at] = `${(blocks[at] ?? 'Z=0').split('=')[0]}=${own}${step}`
        if (kind === 1) blocks.splice(at, 1)
        if (kind === 2) blocks.splice(at, 0, `${own === '7' ? 'M' : 'T'}${step}=${own}${step}`)
        if (kind === 3) blocks.splice(next(blocks.length), 0, ...blocks.splice(at, 1))
      }
      return runbook(blocks.join(' '))
    }
    const texts = [runbook('A=1 B=2 C=3 D=4 E=5'), change('7'), change('8')] as const
    const compared = compare(...texts)
    for (const choice of ['mine', 'theirs'] as const) {
      const choices = Object.fromEntries(conflictsOf(compared).map((one) => [one.id, choice]))
      const merged = brief(merge(...texts, choices)).split(' ')
      for (const one of compared.differences.filter((each) => each.kind === 'block')) {
        const taken = one.conflict ? one[choice] : one.by === 'theirs' ? one.theirs : one.mine
        if (!taken) continue
        const seconds = (taken.value as { config: { seconds: number } }).config.seconds
        expect(merged).toContain(`${taken.name}=${seconds}`)
      }
      expect(new Set(merged).size).toBe(merged.length)
    }
  })
})

import { Lexer } from 'yaml'
import { describe, expect, test } from 'vitest'

import { joinEnds, splitEnds } from '@/features/editor/line-ends'
import { kText, read } from '@/features/editor/testing/sample-yaml'
import { type JsonObject, type YamlDocument, parseYaml } from '@/features/editor/yaml-document'
import {
  blocksIn,
  duplicateBlocks,
  insertBlock,
  insertBlocks,
  moveBlocks,
  removeBlocks,
  setField,
  setIn,
  viewOf,
  withNote,
  withoutNote,
} from '@/features/editor/yaml-sync'

function comments(text: string): string[] {
  return [...new Lexer().lex(text)].filter((token) => token.startsWith('#')).sort()
}

const kDrain = ['blocks', 2, 'config'] as const

// What changes, the lines that go, the lines that come.
const kPatches: [string, (document: YamlDocument) => YamlDocument, string[], string[]][] = [
  [
    'a plain text',
    (d) => setIn(d, ['title'], 'Restart'),
    ['title: Restart payment API # shown everywhere'],
    ['title: Restart # shown everywhere'],
  ],
  [
    'a text that needs quotes',
    (d) => setIn(d, ['title'], 'a: b # c'),
    ['title: Restart payment API # shown everywhere'],
    ['title: "a: b # c" # shown everywhere'],
  ],
  [
    'a text that looks like a number',
    (d) => setIn(d, [...kDrain, 'run_as'], '0x10'),
    ['      run_as: deploy # never root'],
    ['      run_as: "0x10" # never root'],
  ],
  ['a number', (d) => setIn(d, ['parameters', 0, 'default'], 45), ['    default: 30'], ['    default: 45']],
  [
    'quotes stay',
    (d) => setIn(d, [...kDrain, 'environment', 'A'], '2'),
    ['        A: "1" # one'],
    ['        A: "2" # one'],
  ],
  [
    'inside braces',
    (d) => setIn(d, ['blocks', 1, 'config', 'method'], 'POST'),
    ['    config: { method: GET, url: "https://mq.internal/x", expected_status: [200, 204] }'],
    ['    config: { method: POST, url: "https://mq.internal/x", expected_status: [200, 204] }'],
  ],
  [
    'a new name inside braces',
    (d) => setIn(d, ['labels', 'env'], 'prod'),
    [`labels: { team: pay, "tier": '1' }`],
    ['labels: { team: pay, tier: "1", env: prod }'],
  ],
  [
    'a line of a script',
    (d) => setIn(d, [...kDrain, 'command'], 'set -e\ndrain\n'),
    ['        drain --timeout "$RUNBOOK_PARAM_DRAIN"'],
    ['        drain'],
  ],
  [
    'one line grows to several',
    (d) => setIn(d, [...kDrain, 'run_as'], 'a\nb'),
    ['      run_as: deploy # never root'],
    ['      run_as: |- # never root', '        a', '        b'],
  ],
  ['a new value', (d) => setIn(d, [...kDrain, 'timeout_seconds'], 5), [], ['      timeout_seconds: 5']],
  [
    'a new group',
    (d) => setIn(d, [...kDrain, 'rollout', 'max_parallel'], '25%'),
    [],
    ['      rollout:', '        max_parallel: 25%'],
  ],
  [
    'a renamed name keeps its place',
    (d) => setIn(d, [...kDrain, 'environment'], { A: '1', C: 'two' }),
    ['        B: two'],
    ['        C: two'],
  ],
  [
    'an item of a short list',
    (d) => setIn(d, [...kDrain, 'targets', 'hosts'], ['pay-1', 'pay-3']),
    ['        hosts: [pay-1, pay-2]'],
    ['        hosts: [pay-1, pay-3]'],
  ],
  [
    'one more item',
    (d) => setIn(d, ['blocks', 1, 'config', 'expected_status'], [200, 204, '300..399']),
    ['    config: { method: GET, url: "https://mq.internal/x", expected_status: [200, 204] }'],
    ['    config: { method: GET, url: "https://mq.internal/x", expected_status: [ 200, 204, 300..399 ] }'],
  ],
  [
    'a description takes its place',
    (d) => setField(d, 'description', 'What\nand why\n'),
    [],
    ['description: |', '  What', '  and why'],
  ],
  [
    'a parameter more',
    (d) => setIn(d, ['parameters', 1], { name: 'force', type: 'boolean' }),
    [],
    ['  - name: force', '    type: boolean'],
  ],
  [
    'a value goes',
    (d) => setIn(d, [...kDrain, 'targets', 'hosts'], undefined),
    ['        hosts: [pay-1, pay-2]'],
    [],
  ],
  [
    'a group goes with its last value',
    (d) =>
      setIn(
        setIn(d, [...kDrain, 'targets', 'hosts'], undefined),
        [...kDrain, 'targets', 'selector'],
        undefined,
      ),
    ['      targets:', '        selector: role=pay', '        hosts: [pay-1, pay-2]'],
    [],
  ],
  ['a slug', (d) => setIn(d, ['blocks', 0, 'slug'], 'read'), [], ['    slug: read']],
]

function difference(before: string, after: string): { gone: string[]; come: string[] } {
  const old = before.split('\n')
  const now = after.split('\n')
  const take = (from: string[], away: string[]) => {
    const rest = [...away]
    return from.filter((line) => {
      const at = rest.indexOf(line)
      if (at >= 0) rest.splice(at, 1)
      return at < 0
    })
  }
  return { gone: take(old, now), come: take(now, old) }
}

describe('a patch of a value', () => {
  test.each(kPatches)('touches only its lines: %s', (_, patch, gone, come) => {
    const after = patch(read(kText))
    expect(difference(kText, after.text)).toEqual({ gone, come })
    expect(comments(after.text)).toEqual(comments(kText))
    expect(read(after.text).value).toEqual(after.value)
  })

  test('a value that goes takes the comment on its line along, and no other', () => {
    const after = setIn(read(kText), [...kDrain, 'run_as'], undefined)
    expect(comments(kText).filter((one) => !comments(after.text).includes(one))).toEqual(['# never root'])
  })

  test('the first name of a block can be set and removed', () => {
    const text = 'blocks:\n  - slug: a\n    name: b\n    type: timer\n'
    expect(setIn(read(text), ['blocks', 0, 'slug'], undefined).text).toBe(
      'blocks:\n  - name: b\n    type: timer\n',
    )
  })

  test('an empty text becomes a runbook', () => {
    expect(setField(read(''), 'title', 'New').text).toBe('title: New\n')
  })

  test('names stand where one looks for them', () => {
    const text = setField(read('title: a\nblocks: []\n'), 'labels', { team: 'x' }).text
    expect(text).toBe('title: a\nlabels:\n  team: x\nblocks: []\n')
  })
})

describe('an edit of the list of blocks', () => {
  const names = (document: YamlDocument) => viewOf(document).blocks.map((block) => block.name)

  test('moves a block with the comments above and inside it', () => {
    const after = moveBlocks(read(kText), [2], 0)
    expect(names(after)).toEqual(['Drain', 'Read me first', 'Check queue'])
    expect(comments(after.text)).toEqual(comments(kText))
    expect(after.text.split('\n').sort()).toEqual(kText.split('\n').sort())
    expect(after.text).toContain('    # below the drain\n\n  # first of all\n  - name: Read me first\n')
  })

  test('moves several at once, and there and back is nothing', () => {
    const there = moveBlocks(read(kText), [0, 1], 3)
    expect(names(there)).toEqual(['Drain', 'Read me first', 'Check queue'])
    expect(moveBlocks(there, [0], 3).text).toBe(kText)
  })

  test('adds a block at each place', () => {
    for (const position of [0, 1, 2, 3]) {
      const after = insertBlock(read(kText), position, {
        name: 'New',
        type: 'timer',
        config: { seconds: 60 },
      })
      expect(names(after)[position]).toBe('New')
      expect(names(after)).toHaveLength(4)
      expect(comments(after.text)).toEqual(comments(kText))
    }
  })

  test('adds the first block', () => {
    const block = { name: 'New', type: 'timer' as const, config: { seconds: 60 } }
    expect(insertBlock(read('title: a\n'), 0, block).text).toBe(
      'title: a\nblocks:\n  - name: New\n    type: timer\n    config:\n      seconds: 60\n',
    )
    expect(insertBlock(read('title: a\nblocks: [] # none yet\n'), 0, block).text).toBe(
      'title: a\nblocks: # none yet\n  - name: New\n    type: timer\n    config:\n      seconds: 60\n',
    )
  })

  test('removes blocks with their own comments only', () => {
    const after = removeBlocks(read(kText), [1])
    expect(names(after)).toEqual(['Read me first', 'Drain'])
    const lost = comments(kText).filter((one) => !comments(after.text).includes(one))
    expect(lost).toEqual(['# every time', '# the queue'])
    expect(viewOf(removeBlocks(read(kText), [0, 1, 2])).blocks).toEqual([])
  })

  test('a copy has no id and no slug, and all of the text', () => {
    const after = duplicateBlocks(read(kText), [2])
    expect(names(after)).toEqual(['Read me first', 'Check queue', 'Drain', 'Drain (copy)'])
    const copy = viewOf(after).blocks[3]
    expect(copy?.id).toBeUndefined()
    expect(after.text.match(/# never root/g)).toHaveLength(2)
  })

  test('written orders decide, and go when blocks are moved', () => {
    const text = 'blocks:\n  - { name: b, type: timer, order: 1 }\n  - { name: a, type: timer, order: 0 }\n'
    const document = read(text)
    expect(names(document)).toEqual(['a', 'b'])
    expect(viewOf(document).blocks.map((block) => block.index)).toEqual([1, 0])
    const after = moveBlocks(document, [0], 2)
    expect(names(after)).toEqual(['b', 'a'])
    expect(after.text).not.toContain('order')
  })

  test('a list in brackets is edited too', () => {
    const text = 'title: t # kept\nblocks: [{ name: a, type: timer }, { name: b, type: timer }]\n'
    expect(names(moveBlocks(read(text), [0], 2))).toEqual(['b', 'a'])
    expect(moveBlocks(read(text), [0], 2).text).toContain('# kept')
  })

  test.each([
    ['a runbook', 'title: x\nblocks:\n    # about\n    - name: A\n      type: timer\n', ['A']],
    ['a list', '- name: A\n  type: timer\n# two\n- name: B\n  type: api\n', ['A', 'B']],
    ['one block', 'name: A\ntype: command\nconfig:\n  command: |\n    a\n\n    b\n', ['A']],
  ])('takes pasted YAML: %s', (_, pasted, expected) => {
    const items = blocksIn(pasted)
    const after = insertBlocks(read(kText), 1, items ?? [])
    expect(names(after).slice(1, 1 + expected.length)).toEqual(expected)
    for (const comment of comments(pasted)) expect(after.text).toContain(comment)
  })

  test('what is no block is not taken', () => {
    expect(blocksIn('hello')).toBeUndefined()
    expect(blocksIn('a: [')).toBeUndefined()
    expect(blocksIn('title: x\n')).toBeUndefined()
  })
})

describe('reading', () => {
  test.each([
    ['a: [1\nb: 2\n', 2],
    ['a: 1\na: 2\n', 2],
    ['a: &x 1\n', 1],
    ['a: 1\nb: *a\n', 2],
    ['a: 1\nb: !foo 2\n', 2],
    ['a: !!str 1\n', 1],
    ['a: 1\n---\nb: 1\n', 2],
    ['a:\n\t- 1\n', 2],
    ['1: a\n', 1],
  ])('says which line is wrong: %j', (text, line) => {
    const result = parseYaml(text)
    expect(result.ok ? 'read' : result.error.line).toBe(line)
  })

  test('a block without a known type is shown with what is wrong', () => {
    const view = viewOf(read('blocks:\n  - name: a\n    type: magic\n  - 7\n'))
    expect(view.blocks.map((block) => block.fault)).toEqual([
      'There is no type magic.',
      'This is not a block: it needs a name and a type.',
    ])
  })

  test('the note of a version is not part of the next one', () => {
    const sent = withNote(read(kText), 'why: because')
    expect((read(sent).value as JsonObject)['message']).toBe('why: because')
    expect(withoutNote(sent)).toBe(kText)
  })

  test('line ends come back as they were', () => {
    const source = kText.replaceAll('\n', '\r\n')
    const lines = splitEnds(source)
    const after = setIn(read(lines.text), ['title'], 'Neu: ä 漢字 🚀')
    const sent = joinEnds({ ...lines, text: after.text })
    expect(sent.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(read(splitEnds(sent).text).value).toEqual(after.value)
    expect(splitEnds('a\r\nb\n').crlf).toBe(false)
  })
})

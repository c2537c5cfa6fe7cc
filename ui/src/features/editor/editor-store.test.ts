import { describe, expect, test } from 'vitest'

import { type Clock, EditorStore } from '@/features/editor/editor-store'
import { insertBlock, moveBlocks, removeBlocks, setIn } from '@/features/editor/yaml-sync'

const kText = `title: a
blocks:
  - name: one # 1
    type: timer
    config: { seconds: 1 }
  - name: two
    type: timer
    config: { seconds: 2 }
`

function fakeClock() {
  let time = 10_000
  let waiting: { at: number; run: () => void }[] = []
  const clock: Clock = {
    now: () => time,
    after: (milliseconds, run) => {
      const timer = { at: time + milliseconds, run }
      waiting.push(timer)
      return () => {
        waiting = waiting.filter((one) => one !== timer)
      }
    },
  }
  const pass = (milliseconds: number) => {
    time += milliseconds
    const due = waiting.filter((one) => one.at <= time)
    waiting = waiting.filter((one) => one.at > time)
    for (const one of due) one.run()
  }
  return { clock, pass }
}

function setup(text = kText) {
  const { clock, pass } = fakeClock()
  const store = new EditorStore(text, { number: 3, text }, clock)
  const names = () => store.get().runbook.blocks.map((block) => block.name)
  const keys = () => store.get().runbook.blocks.map((block) => block.key)
  return { store, pass, names, keys }
}

describe('typing in the text', () => {
  test('is read after 150 ms', () => {
    const { store, pass, names } = setup()
    store.type(kText.replace('one', 'uno'))
    expect(names()).toEqual(['one', 'two'])
    pass(149)
    expect(names()).toEqual(['one', 'two'])
    pass(1)
    expect(names()).toEqual(['uno', 'two'])
  })

  test('keeps the last good list when it is no YAML, and says where', () => {
    const { store, pass, names } = setup()
    store.type(kText.replace('{ seconds: 2 }', '{ seconds: 2'))
    pass(150)
    expect(names()).toEqual(['one', 'two'])
    expect(store.get().error?.line).toBe(9)
    expect(store.edit((document) => setIn(document, ['title'], 'b'))).toBe(false)
    expect(store.get().text).toContain('title: a')
    store.type(kText)
    pass(150)
    expect(store.get().error).toBeUndefined()
  })

  test('is read at once when a block is edited meanwhile', () => {
    const { store, names } = setup()
    store.type(kText.replace('one', 'uno'))
    store.edit((document) => setIn(document, ['blocks', 1, 'name'], 'due'))
    expect(names()).toEqual(['uno', 'due'])
  })

  test('keeps the keys of blocks that stay', () => {
    const { store, keys } = setup()
    const [one, two] = keys()
    store.type(kText.replace('blocks:\n', 'blocks:\n  - { name: new, type: api }\n').replace('two', 'zwei'))
    store.settle()
    expect(keys().slice(1)[0]).toBe(one)
    store.type(kText.replace('name: two', 'name: two!'))
    store.settle()
    expect(keys()).toHaveLength(2)
    expect(keys()[0]).toBe(one)
    expect(two).not.toBe(one)
  })
})

describe('the history', () => {
  test('is one for text and blocks', () => {
    const { store, pass } = setup()
    store.type(kText.replace('title: a', 'title: ab'))
    pass(5000)
    store.edit((document) => moveBlocks(document, [1], 0))
    store.edit((document) => removeBlocks(document, [0]))
    const last = store.get().text
    store.undo()
    store.undo()
    expect(store.get().text).toBe(kText.replace('title: a', 'title: ab'))
    store.undo()
    expect(store.get().text).toBe(kText)
    expect(store.get().canUndo).toBe(false)
    store.redo()
    store.redo()
    store.redo()
    expect(store.get().text).toBe(last)
    expect(store.get().canRedo).toBe(false)
  })

  test('takes typing in one place as one step, in two places as two', () => {
    const { store, pass } = setup()
    for (const name of ['o', 'ob', 'obe']) {
      store.edit((document) => setIn(document, ['blocks', 0, 'name'], name), 'name 0')
      pass(300)
    }
    store.edit((document) => setIn(document, ['blocks', 1, 'name'], 'x'), 'name 1')
    store.undo()
    expect(store.get().runbook.blocks.map((block) => block.name)).toEqual(['obe', 'two'])
    store.undo()
    expect(store.get().text).toBe(kText)
  })

  test('brings back a removed block with its key and comment', () => {
    const { store, keys } = setup()
    const before = keys()
    store.edit((document) => removeBlocks(document, [0]), '', [1])
    expect(keys()).toEqual([before[1]])
    store.undo()
    expect(keys()).toEqual(before)
    expect(store.get().text).toBe(kText)
  })

  test('goes through texts that are no YAML', () => {
    const { store, pass } = setup()
    store.type('a: [')
    pass(150)
    store.undo()
    expect(store.get().error).toBeUndefined()
    store.redo()
    expect(store.get().error?.line).toBe(1)
    expect(store.get().runbook.title).toBe('a')
  })

  test('an edit after a step back ends the way forward', () => {
    const { store } = setup()
    store.edit((document) => setIn(document, ['title'], 'b'))
    store.undo()
    store.edit((document) => setIn(document, ['title'], 'c'))
    expect(store.get().canRedo).toBe(false)
  })
})

test('a merge onto another version is one step, and a saved version is the ground of all steps', () => {
  const { store } = setup()
  store.edit((document) => setIn(document, ['title'], 'b'))
  store.replace(kText.replace('title: a', 'title: merged'), { number: 4, text: 'theirs' })
  expect(store.get().base?.number).toBe(4)
  store.undo()
  expect([store.get().base?.number, store.get().runbook.title]).toEqual([3, 'b'])
  store.redo()
  store.saved({ number: 5, text: store.get().text })
  store.undo()
  expect(store.get().base?.number).toBe(5)
})

test('an edit of blocks gives new ones new keys', () => {
  const { store, keys } = setup()
  const before = keys()
  const block = { name: 'new', type: 'timer' as const, config: { seconds: 1 } }
  store.edit((document) => insertBlock(document, 1, block), '', [0, -1, 1])
  expect([keys()[0], keys()[2]]).toEqual(before)
  expect(before).not.toContain(keys()[1])
})

test('a text that is no YAML from the start can be mended', () => {
  const { store, names } = setup('blocks: [')
  expect(names()).toEqual([])
  expect(store.get().error?.line).toBe(1)
  store.type(kText)
  store.settle()
  expect(names()).toEqual(['one', 'two'])
})

test('line ends are sent as they came', () => {
  const { store } = setup(kText.replaceAll('\n', '\r\n'))
  store.edit((document) => setIn(document, ['title'], 'b'))
  expect(store.source()).toBe(kText.replace('title: a', 'title: b').replaceAll('\n', '\r\n'))
})

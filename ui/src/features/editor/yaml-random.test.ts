// Edits at random: whatever is written must read back as what was asked for.
import { describe, expect, test } from 'vitest'

import { kText, read } from '@/features/editor/testing/sample-yaml'
import type { Json, JsonObject } from '@/features/editor/yaml-document'
import {
  duplicateBlocks,
  insertBlock,
  moveBlocks,
  removeBlocks,
  setIn,
  viewOf,
} from '@/features/editor/yaml-sync'

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const kTexts = [
  '',
  ' ',
  'plain',
  'ä 漢字 🚀',
  'a: b',
  '# no comment',
  '- item',
  'yes',
  'null',
  '1e3',
  '0o17',
  '"q"',
  "it's",
  'a\nb',
  'a\n\nb\n',
  '\n',
  ' lead\n two',
  'tail \nx',
  'a\n\n\n',
  '{x}',
  '[y',
  '${{ params.a }}',
  '%',
  '@',
  '`',
  'a\tb',
  '|',
  '>',
  'x #y',
  'x: ',
  '\u0007',
  '\u0085',
  'C:\\x',
  '&a',
  '*b',
  '!c',
  '? d',
  '---',
  '...',
  '---\na',
  'a\n---\nb',
  '\ta',
]

function randomValue(next: () => number, depth = 0): Json {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T
  const kind = Math.floor(next() * (depth > 2 ? 4 : 6))
  if (kind === 0) return Math.floor(next() * 1000)
  if (kind === 1) return pick([true, false, null, 0.5])
  if (kind < 4) return pick(kTexts)
  const size = Math.floor(next() * 3)
  if (kind === 4) return Array.from({ length: size }, () => randomValue(next, depth + 1))
  const names = ['a', 'b', 'c: d', '#e', 'ü', '7']
  return Object.fromEntries(Array.from({ length: size }, () => [pick(names), randomValue(next, depth + 1)]))
}

function randomPath(next: () => number, value: Json): (string | number)[] {
  const path: (string | number)[] = []
  let at: Json | undefined = value
  while (typeof at === 'object' && at !== null && (path.length === 0 || next() < 0.75)) {
    if (Array.isArray(at)) {
      if (at.length === 0) break
      const index: number = Math.floor(next() * at.length)
      path.push(index)
      at = at[index]
    } else {
      const names: string[] = [...Object.keys(at), 'fresh']
      const name = names[Math.floor(next() * names.length)] as string
      path.push(name)
      at = at[name]
    }
  }
  return path
}

describe('random edits', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))('round trip (seed %i)', (seed) => {
    const next = random(seed * 7919 + 1)
    let document = read(kText)
    for (let step = 0; step < 25; step += 1) {
      const path = randomPath(next, document.value)
      if (path[0] === 'blocks' && path.length < 3) continue
      const value = next() < 0.15 ? undefined : randomValue(next)
      const before = document.text
      document = setIn(document, path, value)
      expect(read(document.text).value, `${JSON.stringify([path, value])}\n${before}`).toEqual(document.value)
      if (value !== undefined) {
        const at = path.reduce<Json | undefined>(
          (one, name) => (one as JsonObject | undefined)?.[name],
          document.value,
        )
        expect(at, `${JSON.stringify(path)}\n${before}`).toEqual(value)
      }
    }
  })

  test.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'of the list keep every block (seed %i)',
    (seed) => {
      const next = random(seed * 104729 + 3)
      let document = read(kText)
      for (let step = 0; step < 15; step += 1) {
        const { blocks } = viewOf(document)
        const at = Math.floor(next() * (blocks.length + 1))
        const names = blocks.map((block) => block.name)
        const chosen = names.map((_, index) => index).filter(() => next() < 0.4)
        const kind = Math.floor(next() * 4)
        if (kind === 0) {
          document = moveBlocks(document, chosen, at)
          expect(
            viewOf(document)
              .blocks.map((block) => block.name)
              .sort(),
          ).toEqual([...names].sort())
        } else if (kind === 1) {
          document = insertBlock(document, at, {
            name: `n${step}`,
            type: 'command',
            config: randomObject(next),
          })
          expect(viewOf(document).blocks[at]?.name).toBe(`n${step}`)
        } else if (kind === 2 && chosen.length < 3) {
          document = duplicateBlocks(document, chosen)
          expect(viewOf(document).blocks).toHaveLength(blocks.length + chosen.length)
        } else if (blocks.length > 2) {
          document = removeBlocks(document, chosen.slice(0, 1))
          expect(viewOf(document).blocks).toHaveLength(blocks.length - chosen.slice(0, 1).length)
        }
        expect(read(document.text).value).toEqual(document.value)
      }
    },
  )
})

function randomObject(next: () => number): Record<string, unknown> {
  const value = randomValue(next)
  return { a: value }
}

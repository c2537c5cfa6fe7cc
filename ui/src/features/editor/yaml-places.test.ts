import { describe, expect, test } from 'vitest'

import { parseYaml } from '@/features/editor/yaml-document'
import { blockAt, placeAt, pointerSteps, pointerTo } from '@/features/editor/yaml-places'

const kText = `# about
title: Häuser 🏠 prüfen
blocks:
  - name: Read
    type: instruction
    config:
      text: |
        one
        two
  - type: api
    name: Ask
    config: { url: "http://x/y", headers: { "a/b": c } }
  - just text
`

function marked(pointer: string): [string, boolean] {
  const read = parseYaml(kText)
  if (!read.ok) throw new Error(read.error.message)
  const { from, to, exact } = placeAt(read.document, pointer)
  return [kText.slice(from, to), exact]
}

describe('the place of a pointer', () => {
  test.each([
    ['/title', 'Häuser 🏠 prüfen', true],
    ['/blocks', 'blocks', true],
    ['/blocks/0', 'name: Read', true],
    ['/blocks/0/config/text', 'text', true],
    ['/blocks/1/config/url', '"http://x/y"', true],
    ['/blocks/1/config/headers/a~1b', 'c', true],
    ['/blocks/2', 'just text', true],
    ['/blocks/1/config/method', 'config', false],
    ['/blocks/0/slug', 'name: Read', false],
    ['/blocks/9/name', 'blocks', false],
    ['', 'title: Häuser 🏠 prüfen', true],
    ['/nothing', 'title: Häuser 🏠 prüfen', false],
  ])('%s', (pointer, text, exact) => {
    expect(marked(pointer)).toEqual([text, exact])
  })

  test('names with / and ~ come back', () => {
    const path = ['a/b', '~c', '7']
    expect(pointerSteps(pointerTo(path))).toEqual(path)
  })

  test('finds the block of a line', () => {
    const read = parseYaml(kText)
    if (!read.ok) throw new Error(read.error.message)
    const at = (text: string) => blockAt(read.document, kText.indexOf(text))
    expect(['title', '- name: Read', 'two', 'Ask', 'just'].map(at)).toEqual([undefined, 0, 0, 1, 2])
  })
})

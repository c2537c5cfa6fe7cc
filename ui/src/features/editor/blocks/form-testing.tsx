// Renders a form on a block that lives: each change is noted and applied, as the editor would.
import { useState } from 'react'

import type { BlockFormProps, EditedBlock, ValuePath } from '@/features/editor/block-model'
import { BlockForm } from '@/features/editor/blocks/block-form'
import { parseYaml } from '@/features/editor/yaml-document'
import { setIn, viewOf } from '@/features/editor/yaml-sync'
import { renderPage } from '@/testing/render'

export interface Change {
  path: ValuePath
  value: unknown
}

interface Options extends Partial<Omit<BlockFormProps, 'block' | 'change' | 'problemAt'>> {
  problems?: Record<string, string>
}

export interface Rendered {
  changes: Change[]
  last: () => Change | undefined
  config: () => Record<string, unknown>
}

export function aBlock(
  type: EditedBlock['type'],
  config: Record<string, unknown>,
  more: Partial<EditedBlock> = {},
): EditedBlock {
  return { key: `key-${more.name ?? type}`, index: 0, name: 'Block', type, config, ...more }
}

export function renderForm(first: EditedBlock, options: Options = {}): Rendered {
  const { problems = {}, before = [], after = [], parameters = [] } = options
  const changes: Change[] = []
  let current = first
  function Held() {
    const [block, setBlock] = useState(first)
    const change = (path: ValuePath, value: unknown) => {
      changes.push({ path, value })
      current = changed(block, path, value)
      setBlock(current)
    }
    const problemAt = (pointer: string) => problems[pointer]
    return <BlockForm {...{ block, before, after, parameters, problemAt, change }} />
  }
  renderPage(<Held />)
  return { changes, last: () => changes.at(-1), config: () => current.config }
}

// Through the real document: what a form writes must survive YAML.
function changed(block: EditedBlock, path: ValuePath, value: unknown): EditedBlock {
  const { name, type, config, slug, when, on_failure } = block
  const read = parseYaml(
    JSON.stringify({ title: 'x', blocks: [{ name, type, slug, when, on_failure, config }] }),
  )
  if (!read.ok) throw new Error(read.error.message)
  const next = viewOf(setIn(read.document, ['blocks', 0, ...path], value)).blocks[0]
  if (!next) throw new Error('the block is gone')
  return { ...next, key: block.key, index: block.index }
}

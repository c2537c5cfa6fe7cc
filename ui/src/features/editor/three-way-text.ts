// Three-way comparison of runbooks as text: reads the sides, and writes the two put together into theirs.
import { Lexer } from 'yaml'

import { type Merged, type Picked, type Side, type Unit } from '@/features/editor/three-way'
import { type ListName, arrange, itemSource, listValues, runOrder } from '@/features/editor/yaml-blocks'
import { type Json, type YamlDocument, isObject, without } from '@/features/editor/yaml-document'
import { documentText } from '@/features/editor/yaml-fragment'
import { setField, setIn } from '@/features/editor/yaml-sync'

export function commentsIn(source: string): string[] {
  return [...new Lexer().lex(source)].filter((token) => token.startsWith('#'))
}

function units(document: YamlDocument, list: ListName): Unit[] {
  const values = listValues(document, list)
  const order = list === 'blocks' ? runOrder(values) : values.map((_, index) => index)
  return order.map((at, index) => {
    const value = values[at] as Json
    const source = itemSource(document, list, at)
    const name = isObject(value) && typeof value['name'] === 'string' ? value['name'] : ''
    return { index, name, value, comments: commentsIn(source ?? ''), ...(source !== undefined && { source }) }
  })
}

const kLabel = 'label '

export function sideOf(document: YamlDocument): Side {
  const value = isObject(document.value) ? document.value : {}
  const labels = value['labels']
  const fields = without(value, 'blocks', 'parameters', 'labels', 'message')
  if (isObject(labels)) for (const [name, label] of Object.entries(labels)) fields[kLabel + name] = label
  return { fields, parameters: units(document, 'parameters'), blocks: units(document, 'blocks') }
}

export function unitText(unit: Unit | undefined): string | undefined {
  if (!unit) return undefined
  return unit.source ?? documentText(unit.value)
}

function withList(theirs: YamlDocument, list: ListName, picked: readonly Picked[]): YamlDocument {
  const values = listValues(theirs, list)
  if (values.length === 0 && picked.length === 0) return theirs
  const order = list === 'blocks' ? runOrder(values) : values.map((_, index) => index)
  const plan = picked.map(({ from, unit }) =>
    from === 'theirs'
      ? (order[unit.index] as number)
      : { value: unit.value, ...(unit.source !== undefined && { source: unit.source }) },
  )
  const same = plan.length === values.length && plan.every((item, index) => item === order[index])
  return same ? theirs : arrange(theirs, plan, list)
}

export function mergedText(theirs: YamlDocument, merged: Merged): string {
  let document = theirs
  for (const [name, value] of merged.fields)
    document = name.startsWith(kLabel)
      ? setIn(withLabels(document), ['labels', name.slice(kLabel.length)], value)
      : setField(document, name, value)
  document = withList(document, 'parameters', merged.parameters)
  document = withList(document, 'blocks', merged.blocks)
  return document.text
}

function withLabels(document: YamlDocument): YamlDocument {
  const known = isObject(document.value) && Object.hasOwn(document.value, 'labels')
  return known ? document : setField(document, 'labels', {})
}

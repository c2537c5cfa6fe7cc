// The block list as a view of the YAML text, and the edits it asks for. All of them take a document and give
// the next one; nothing here knows of React or of the server.
import { type EditedBlock, type NewBlock, type ValuePath, isBlockType } from '@/features/editor/block-model'
import { type PlanItem, arrange, itemSource, listValues, runOrder } from '@/features/editor/yaml-blocks'
import {
  type Json,
  type JsonObject,
  type YamlDocument,
  isObject,
  parseYaml,
} from '@/features/editor/yaml-document'
import { documentText } from '@/features/editor/yaml-fragment'
import { reshape } from '@/features/editor/yaml-reshape'
import type { Parameter } from '@/lib/model'

export interface RunbookView {
  title: string
  description: string
  labels: Record<string, string>
  parameters: Parameter[]
  blocks: Omit<EditedBlock, 'key'>[] // in the order they run; `index` is the place in the text
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

function viewBlock(value: Json, index: number): Omit<EditedBlock, 'key'> {
  if (!isObject(value))
    return {
      index,
      name: '',
      type: 'instruction',
      config: {},
      fault: 'This is not a block: it needs a name and a type.',
    }
  const type = value['type']
  const known = isBlockType(type)
  return {
    index,
    name: text(value['name']),
    type: known ? type : 'instruction',
    config: isObject(value['config']) ? value['config'] : {},
    ...(typeof value['id'] === 'string' && { id: value['id'] }),
    ...(typeof value['slug'] === 'string' && value['slug'] !== '' && { slug: value['slug'] }),
    ...(typeof value['when'] === 'string' && { when: value['when'] }),
    ...((value['on_failure'] === 'stop' || value['on_failure'] === 'continue') && {
      on_failure: value['on_failure'],
    }),
    ...(!known && {
      fault: type === undefined ? 'It has no type.' : `There is no type ${text(type) || 'like this'}.`,
    }),
  }
}

function viewParameter(value: Json): Parameter {
  const parameter = isObject(value) ? value : {}
  return { ...parameter, name: text(parameter['name']), type: text(parameter['type']) as Parameter['type'] }
}

export function viewOf(document: YamlDocument): RunbookView {
  const value = isObject(document.value) ? document.value : {}
  const labels = isObject(value['labels']) ? value['labels'] : {}
  const blocks = Array.isArray(value['blocks']) ? value['blocks'] : []
  const parameters = Array.isArray(value['parameters']) ? value['parameters'] : []
  return {
    title: text(value['title']),
    description: text(value['description']),
    labels: Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, text(label)])),
    parameters: parameters.map(viewParameter),
    blocks: runOrder(blocks).map((index) => viewBlock(blocks[index] as Json, index)),
  }
}

// -- Values ------------------------------------------------------------------------------------------------

function isEmpty(value: Json | undefined): boolean {
  return isObject(value) && Object.keys(value).length === 0
}

// Groups that became empty go too, but for the block's own `config`.
function withValue(at: Json | undefined, path: ValuePath, value: Json | undefined): Json | undefined {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (typeof step === 'number') {
    const list = Array.isArray(at) ? [...at] : []
    const next = withValue(list[step], rest, value)
    if (next === undefined) list.splice(step, 1)
    else list[step] = next
    return list
  }
  const members: [string, Json][] = isObject(at) ? Object.entries(at) : []
  const known = members.findIndex(([name]) => name === step)
  const next = withValue(known < 0 ? undefined : members[known]?.[1], rest, value)
  const gone = next === undefined || (value === undefined && step !== 'config' && isEmpty(next))
  if (gone && known >= 0) members.splice(known, 1)
  else if (!gone && known >= 0) members[known] = [step, next]
  else if (!gone) members.push([step, next])
  return Object.fromEntries(members)
}

// A value that JSON knows: what a form gives may hold members that are undefined.
function cleaned(value: unknown): Json | undefined {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json)
}

// `undefined` removes.
export function setIn(document: YamlDocument, path: ValuePath, value: unknown): YamlDocument {
  return reshape(document, withValue(document.value ?? {}, path, cleaned(value)) ?? {})
}

const kOrderOfMembers = ['title', 'description', 'labels', 'parameters', 'blocks']

// A member of the runbook itself; a new one is put where one expects it.
export function setField(document: YamlDocument, name: string, value: unknown): YamlDocument {
  const next = withValue(document.value ?? {}, [name], cleaned(value))
  if (!isObject(next) || (isObject(document.value) && Object.hasOwn(document.value, name)))
    return reshape(document, next ?? {})
  const place = (one: string) => {
    const known = kOrderOfMembers.indexOf(one)
    return known < 0 ? kOrderOfMembers.length : known
  }
  const others = Object.keys(next).filter((one) => one !== name)
  const after = others.findLastIndex((one) => place(one) <= place(name))
  const names = [...others.slice(0, after + 1), name, ...others.slice(after + 1)]
  return reshape(document, Object.fromEntries(names.map((one) => [one, next[one] as Json])))
}

// -- Blocks ------------------------------------------------------------------------------------------------
// Positions count in the order of running.

function order(document: YamlDocument): number[] {
  return runOrder(listValues(document, 'blocks'))
}

export interface NewItem {
  value: Json
  source?: string
}

export function insertBlocks(
  document: YamlDocument,
  position: number,
  items: readonly NewItem[],
): YamlDocument {
  const plan: PlanItem[] = order(document)
  plan.splice(position, 0, ...items)
  return arrange(document, plan)
}

export function insertBlock(document: YamlDocument, position: number, block: NewBlock): YamlDocument {
  return insertBlocks(document, position, [{ value: block as unknown as Json }])
}

export function removeBlocks(document: YamlDocument, positions: readonly number[]): YamlDocument {
  return arrange(
    document,
    order(document).filter((_, position) => !positions.includes(position)),
  )
}

// The new order: where each block stood before.
export function moved(count: number, positions: readonly number[], to: number): number[] {
  const all = Array.from({ length: count }, (_, position) => position)
  const chosen = all.filter((position) => positions.includes(position))
  const before = all.slice(0, to).filter((position) => !chosen.includes(position))
  const after = all.slice(to).filter((position) => !chosen.includes(position))
  return [...before, ...chosen, ...after]
}

// `to` is a gap: 0 is above the first block, the number of blocks is below the last.
export function moveBlocks(document: YamlDocument, positions: readonly number[], to: number): YamlDocument {
  const old = order(document)
  return arrange(
    document,
    moved(old.length, positions, to).map((position) => old[position] as number),
  )
}

function copyOf(value: Json): Json {
  if (!isObject(value)) return value
  const own = Object.entries(value).filter(([name]) => !['id', 'slug', 'order'].includes(name))
  return Object.fromEntries(own.map(([name, one]) => [name, name === 'name' ? `${text(one)} (copy)` : one]))
}

// Each copy stands below its block.
export function duplicateBlocks(document: YamlDocument, positions: readonly number[]): YamlDocument {
  const values = listValues(document, 'blocks')
  const copies: number[] = []
  const plan: PlanItem[] = []
  order(document).forEach((index, position) => {
    plan.push(index)
    if (!positions.includes(position)) return
    copies.push(plan.length)
    const source = itemSource(document, 'blocks', index)
    plan.push({ value: values[index] as Json, ...(source !== undefined && { source }) })
  })
  const doubled = arrange(document, plan)
  const after = doubled.value as JsonObject
  const blocks = (after['blocks'] as Json[]).map((value, at) => (copies.includes(at) ? copyOf(value) : value))
  return reshape(doubled, { ...after, blocks })
}

// -- Whole texts -------------------------------------------------------------------------------------------

// A note belongs to one version, but stands in the text it was sent with.
export function withoutNote(source: string): string {
  const read = parseYaml(source)
  if (!read.ok || !isObject(read.document.value) || !Object.hasOwn(read.document.value, 'message'))
    return source
  return setIn(read.document, ['message'], undefined).text
}

export function withNote(document: YamlDocument, note: string): string {
  return note === '' ? document.text : setIn(document, ['message'], note).text
}

// Blocks out of a pasted text: a runbook, a list of blocks, or one block.
export function blocksIn(source: string): NewItem[] | undefined {
  const read = parseYaml(`${source.trimEnd()}\n`)
  if (!read.ok) return undefined
  const { value } = read.document
  if (isObject(value) && Array.isArray(value['blocks'])) return itemsOf(read.document)
  const list = Array.isArray(value) ? value : isObject(value) && 'type' in value ? [value] : undefined
  if (!list || list.length === 0 || !list.every(isObject)) return undefined
  const lines = Array.isArray(value)
    ? read.document.text
    : `- ${read.document.text.replace(/\n(?=.)/g, '\n  ')}`
  const wrapped = parseYaml(`blocks:\n${lines}`)
  return wrapped.ok ? itemsOf(wrapped.document) : list.map((one) => ({ value: one }))
}

function itemsOf(document: YamlDocument): NewItem[] {
  const blocks = (document.value as JsonObject)['blocks'] as Json[]
  return blocks.map((value, index) => {
    const source = itemSource(document, 'blocks', index)
    return { value, ...(source !== undefined && { source }) }
  })
}

// Pasted blocks are new ones: another block may have their ids and slugs.
export function asNew(document: YamlDocument, items: readonly NewItem[]): NewItem[] {
  const taken = new Set(viewOf(document).blocks.flatMap((block) => [block.slug, block.id]))
  return items.map((item) => {
    if (!isObject(item.value)) return item
    const clash = ['id', 'slug'].filter((name) => taken.has(text((item.value as JsonObject)[name])))
    const dropped = ['order', ...clash].filter((name) => Object.hasOwn(item.value as JsonObject, name))
    if (dropped.length === 0) return item
    const value = Object.fromEntries(Object.entries(item.value).filter(([name]) => !dropped.includes(name)))
    return { value }
  })
}

export function newDocument(value: JsonObject): string {
  return documentText(value)
}

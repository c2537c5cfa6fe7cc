// The list of blocks in the text: items are moved, copied and removed as the lines they stand on, together
// with the comment lines directly above them.
import { type Node, type YAMLSeq, isMap, isSeq } from 'yaml'

import {
  type Json,
  type JsonObject,
  type YamlDocument,
  columnOf,
  contentEnd,
  dashOf,
  isEmptyNode,
  isObject,
  isSame,
  lineEnd,
  lineStart,
  parseYaml,
} from '@/features/editor/yaml-document'
import { afterDash } from '@/features/editor/yaml-fragment'
import { reshape } from '@/features/editor/yaml-reshape'

// One place of the new list: a block that is there (by index), or a new one. `source` is its text with the
// dash in column 0 and all lines ended.
export type PlanItem = number | { value: Json; source?: string }

interface Region {
  start: number
  end: number
}

export type ListName = 'blocks' | 'parameters'

export function listNode(document: YamlDocument, list: ListName): YAMLSeq<Node> | undefined {
  const root = document.tree.contents as Node | null
  const node = isMap(root) ? root.get(list, true) : undefined
  return isSeq(node) ? (node as YAMLSeq<Node>) : undefined
}

function isComment(line: string, column: number): boolean {
  return line.startsWith(`${' '.repeat(column)}#`)
}

function lineAt(text: string, start: number): string {
  return text.slice(start, lineEnd(text, start))
}

// The lines of each item, last line break included; nothing when an item does not begin its line.
function regions(text: string, seq: YAMLSeq<Node>): Region[] | undefined {
  const found: Region[] = []
  for (const [index, item] of seq.items.entries()) {
    const dash = dashOf(seq, index)
    const column = columnOf(text, dash)
    let start = lineStart(text, dash)
    if (dash < 0 || text.slice(start, dash).trim() !== '') return undefined
    const floor = found.at(-1)?.end ?? 0
    while (start > floor && isComment(lineAt(text, lineStart(text, start - 1)), column))
      start = lineStart(text, start - 1)
    let end = lineEnd(text, isEmptyNode(item) ? dash : contentEnd(text, item)) + 1
    while (end < text.length && /^\s+#/.test(lineAt(text, end)) && lineAt(text, end).search(/\S/) > column)
      end = lineEnd(text, end) + 1
    found.push({ start, end: Math.min(end, text.length) })
  }
  return found
}

function withBreak(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

function indented(source: string, column: number): string {
  const margin = ' '.repeat(column)
  return source
    .split('\n')
    .map((line) => (line === '' ? line : margin + line))
    .join('\n')
}

// An item's own text with the dash in column 0, comments above it included.
export function itemSource(document: YamlDocument, list: ListName, index: number): string | undefined {
  const seq = listNode(document, list)
  const region = seq && !seq.flow ? regions(document.text, seq)?.[index] : undefined
  if (!seq || !region) return undefined
  const margin = ' '.repeat(columnOf(document.text, dashOf(seq, 0)))
  return withBreak(document.text.slice(region.start, region.end))
    .split('\n')
    .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line.trimStart()))
    .join('\n')
}

export function listValues(document: YamlDocument, list: ListName): Json[] {
  const items = isObject(document.value) ? document.value[list] : undefined
  return Array.isArray(items) ? items : []
}

// The positions of the array in the order the blocks run: `order` counts where it is written.
export function runOrder(values: readonly Json[]): number[] {
  const order = (index: number) => {
    const value = values[index]
    const given = isObject(value) ? value['order'] : undefined
    return typeof given === 'number' ? given : index
  }
  return values.map((_, index) => index).sort((a, b) => order(a) - order(b) || a - b)
}

function withoutOrder(value: Json): Json {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'order'))
}

// The document with exactly these items, in this order. `order` members go: the place in the list says it.
export function arrange(
  document: YamlDocument,
  plan: readonly PlanItem[],
  list: ListName = 'blocks',
): YamlDocument {
  const values = listValues(document, list)
  const planned = plan.map((item) => (typeof item === 'number' ? (values[item] as Json) : item.value))
  const base = isObject(document.value) ? document.value : {}
  const moved = byLines(document, plan, list, { ...base, [list]: planned }) ?? document
  return reshape(moved, { ...base, [list]: planned.map(withoutOrder) })
}

function byLines(
  document: YamlDocument,
  plan: readonly PlanItem[],
  list: ListName,
  wanted: JsonObject,
): YamlDocument | undefined {
  const { text } = document
  const seq = listNode(document, list)
  if (!seq || seq.flow || seq.items.length === 0 || plan.length === 0) return undefined
  const old = regions(text, seq)
  const first = old?.[0]
  const last = old?.at(-1)
  if (!old || !first || !last) return undefined
  const column = columnOf(text, dashOf(seq, 0))
  const gaps = old.slice(1).map((region, index) => text.slice(old[index]?.end, region.start))
  const texts = plan.map((item) => {
    if (typeof item !== 'number') return indented(item.source ?? `-${afterDash(item.value, 0)}\n`, column)
    const region = old[item] as Region
    return withBreak(text.slice(region.start, region.end))
  })
  const put = texts.map((one, index) => one + (index < texts.length - 1 ? gapAt(gaps, index) : '')).join('')
  const left = gaps.slice(Math.max(texts.length - 1, 0)).filter((gap) => gap.trim() !== '')
  const next = parseYaml(text.slice(0, first.start) + put + left.join('') + text.slice(last.end))
  return next.ok && isSame(next.document.value, wanted) ? next.document : undefined
}

// New places between blocks look like those that are there.
function gapAt(gaps: string[], index: number): string {
  const own = gaps[index]
  if (own !== undefined) return own
  return gaps.at(-1)?.startsWith('\n') ? '\n' : ''
}

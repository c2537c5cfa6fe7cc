// A text that was read as one YAML document, with the place of every node. Immutable: an edit makes another.
// Lines end in \n here; see line-ends.ts.
import {
  type Document,
  LineCounter,
  type Node,
  type Pair,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
} from 'yaml'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

export interface YamlDocument {
  text: string
  tree: Document
  value: Json
}

export interface YamlError {
  line: number // from 1
  column: number
  message: string
}

export type ParseResult = { ok: true; document: YamlDocument } | { ok: false; error: YamlError }

function errorAt(text: string, offset: number, message: string): YamlError {
  const before = text.slice(0, Math.min(Math.max(offset, 0), text.length))
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: before.length - lineStart + 1, message }
}

// What the controller refuses though it is YAML.
function refusal(tree: Document): { offset: number; message: string } | undefined {
  let found: { offset: number; message: string } | undefined
  const stop = (node: { range?: [number, number, number] | null }, message: string) => {
    found = { offset: node.range?.[0] ?? 0, message }
    return visit.BREAK
  }
  visit(tree, {
    Alias: (_, node) => stop(node, 'Aliases are not taken: write the value again.'),
    Node: (_, node) => {
      if ('anchor' in node && node.anchor) return stop(node, 'Anchors are not taken.')
      const source = (node as { srcToken?: { type: string } }).srcToken
      return node.tag && source ? stop(node, 'Tags are not taken.') : undefined
    },
    Pair: (_, pair) => {
      const key = pair.key
      if (!isScalar(key) || typeof key.value !== 'string')
        return stop((key ?? {}) as Node, 'A name must be text: put it in quotes.')
      return undefined
    },
  })
  return found
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')
}

export function parseYaml(text: string): ParseResult {
  const tree = parseDocument(text, {
    keepSourceTokens: true,
    lineCounter: new LineCounter(),
    strict: true,
    logLevel: 'error',
  })
  const error = tree.errors[0] ?? tree.warnings[0]
  if (error) return { ok: false, error: errorAt(text, error.pos[0], firstLine(error.message)) }
  const refused = refusal(tree as unknown as Document)
  if (refused) return { ok: false, error: errorAt(text, refused.offset, refused.message) }
  return { ok: true, document: { text, tree: tree as unknown as Document, value: tree.toJS() as Json } }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// What a node stands for.
export function plain(node: Node | null | undefined): Json {
  if (isScalar(node)) return node.value as Json
  if (isSeq(node)) return node.items.map((item) => plain(item as Node))
  if (!isMap(node)) return null
  return Object.fromEntries(
    node.items.map(({ key, value }) => [
      String((key as { value: unknown }).value),
      plain(value as Node | null),
    ]),
  )
}

export function without(object: JsonObject, ...names: string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}

// By content; the order of names does not count.
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  )
}

// -- Places ------------------------------------------------------------------------------------------------

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

// Without the line's own end.
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}

export function lineOf(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

export function isEmptyNode(node: Node | null | undefined): boolean {
  return !node || !node.range || node.range[0] === node.range[1]
}

export function isFlow(node: Node): boolean {
  return isCollection(node) && node.flow === true
}

// Where the last character of a node stands, plus one: without comments and blank lines behind it.
export function contentEnd(text: string, node: Node): number {
  const [start, end] = node.range ?? [0, 0]
  if ((isMap(node) || isSeq(node)) && !node.flow) {
    const last = node.items.at(-1)
    if (!last) return end
    if (isSeq(node)) return isEmptyNode(last as Node) ? start : contentEnd(text, last as Node)
    const pair = last as Pair<Node, Node | null>
    return isEmptyNode(pair.value) ? colonOf(pair) + 1 : contentEnd(text, pair.value as Node)
  }
  if (isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')) {
    const keeps = /^[|>][0-9]?\+/.test(text.slice(start, start + 3))
    let last = end
    while (last > start + 1 && text[last - 1] === '\n') {
      last -= 1
      if (keeps) break
    }
    return last
  }
  return end
}

interface SourceItem {
  start?: { type: string; offset: number }[]
  sep?: { type: string; offset: number }[]
}

function sourceItems(node: Node): SourceItem[] {
  return ((node as { srcToken?: { items?: SourceItem[] } }).srcToken?.items ?? []) as SourceItem[]
}

const kNowhere = -1

// The ':' of a pair; -1 for the odd ways to write one.
export function colonOf(pair: Pair<Node, Node | null>): number {
  const source = (pair as { srcToken?: SourceItem }).srcToken
  if (source?.start?.some((token) => token.type === 'explicit-key-ind')) return kNowhere
  return source?.sep?.find((token) => token.type === 'map-value-ind')?.offset ?? kNowhere
}

// The '-' of an item.
export function dashOf(seq: Node, index: number): number {
  return sourceItems(seq)[index]?.start?.find((token) => token.type === 'seq-item-ind')?.offset ?? kNowhere
}

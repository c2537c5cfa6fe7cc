// Brings a document to a new value by the smallest changes of its text: what was not touched keeps its
// comments, quotes and layout. Where a text is written too oddly for that, the tree is changed and written
// anew; comments survive that too, layout may not.
import { type Node, type Pair, type YAMLMap, type YAMLSeq, isMap, isScalar, isSeq } from 'yaml'

import {
  type Json,
  type JsonObject,
  type YamlDocument,
  colonOf,
  columnOf,
  contentEnd,
  dashOf,
  isEmptyNode,
  isObject,
  isSame,
  lineEnd,
  lineStart,
  parseYaml,
  plain,
} from '@/features/editor/yaml-document'
import { afterDash, afterName, documentText, flowText, pairText } from '@/features/editor/yaml-fragment'
import { reshapeTree } from '@/features/editor/yaml-tree'

const kMaxSteps = 500

interface Splice {
  start: number
  end: number
  text: string
}

// Found no way to do it in the text.
class TooOdd extends Error {}

type Slot =
  { in: 'map'; pair: Pair<Node, Node | null>; column: number } | { in: 'seq'; dash: number } | { in: 'flow' }

export function spliced(text: string, { start, end, text: put }: Splice): string {
  return text.slice(0, start) + put + text.slice(end)
}

export function reshape(document: YamlDocument, wanted: Json): YamlDocument {
  if (isSame(document.value, wanted)) return document
  return byText(document, wanted) ?? byTree(document, wanted)
}

function byText(document: YamlDocument, wanted: Json): YamlDocument | undefined {
  let current = document
  try {
    for (let step = 0; step < kMaxSteps; step += 1) {
      const root = current.tree.contents as Node | null
      if (!root || !isMap(root) || !isObject(wanted)) return undefined
      const splice = mapSplice(current.text, root as YAMLMap<Node, Node | null>, wanted)
      if (!splice) return isSame(current.value, wanted) ? current : undefined
      const next = parseYaml(spliced(current.text, splice))
      if (!next.ok || next.document.text === current.text) return undefined
      current = next.document
    }
  } catch (error) {
    if (!(error instanceof TooOdd)) throw error
  }
  return undefined
}

function byTree(document: YamlDocument, wanted: Json): YamlDocument {
  const next = parseYaml(reshapeTree(document, wanted))
  if (next.ok && isSame(next.document.value, wanted)) return next.document
  const anew = parseYaml(documentText(wanted))
  if (!anew.ok) throw new Error(`a value could not be written as YAML: ${anew.error.message}`)
  return anew.document
}

// -- The first difference, as one change of the text -------------------------------------------------------

function nodeSplice(text: string, node: Node, slot: Slot, wanted: Json): Splice | undefined {
  if (isMap(node) && isObject(wanted)) {
    const map = node as YAMLMap<Node, Node | null>
    if (Object.keys(wanted).length === 0 && map.items.length > 0) return replaced(text, node, slot, wanted)
    if (map.items.length === 0 && Object.keys(wanted).length > 0) return replaced(text, node, slot, wanted)
    return mapSplice(text, map, wanted)
  }
  if (isSeq(node) && Array.isArray(wanted)) {
    const seq = node as YAMLSeq<Node>
    if ((wanted.length === 0) !== (seq.items.length === 0)) return replaced(text, node, slot, wanted)
    return seqSplice(text, seq, wanted)
  }
  if (isScalar(node) && isSame(node.value, wanted)) return undefined
  return replaced(text, node, slot, wanted)
}

function nameOf(pair: Pair<Node, Node | null>): string {
  if (!isScalar(pair.key) || typeof pair.key.value !== 'string') throw new TooOdd()
  return pair.key.value
}

function mapSplice(text: string, map: YAMLMap<Node, Node | null>, wanted: JsonObject): Splice | undefined {
  const have = map.items.map(nameOf)
  const want = Object.keys(wanted)
  const flow = map.flow === true
  const gone = have.findIndex((name) => !Object.hasOwn(wanted, name))
  const fresh = want.findIndex((name) => !have.includes(name))
  if (flow && (gone >= 0 || fresh >= 0)) return flowReplaced(text, map, wanted)
  if (gone >= 0 && (have.length > 1 || fresh < 0)) return withoutPair(text, map, gone)
  if (fresh >= 0) {
    const before = want.slice(0, fresh).findLast((name) => have.includes(name))
    const name = want[fresh] as string
    return withPair(
      text,
      map,
      before === undefined ? 0 : have.indexOf(before) + 1,
      name,
      wanted[name] as Json,
    )
  }
  for (const pair of map.items) {
    const value = wanted[nameOf(pair)] as Json
    const slot: Slot = flow ? { in: 'flow' } : { in: 'map', pair, column: columnOf(text, startOf(pair.key)) }
    const node = pair.value
    const splice = isEmptyNode(node)
      ? emptySplice(text, slot, value)
      : nodeSplice(text, node as Node, slot, value)
    if (splice) return splice
  }
  return undefined
}

function seqSplice(text: string, seq: YAMLSeq<Node>, wanted: Json[]): Splice | undefined {
  const values = seq.items.map(plain)
  const extra = wanted.length - values.length
  if (extra !== 0 && seq.flow === true) return flowReplaced(text, seq, wanted)
  let same = 0
  const most = Math.min(values.length, wanted.length)
  while (same < most && isSame(values[same], wanted[same])) same += 1
  if (extra > 0) return withItem(text, seq, same, wanted[same] as Json)
  if (extra < 0) return withoutItem(text, seq, same)
  for (const [index, item] of seq.items.entries()) {
    const slot: Slot = seq.flow ? { in: 'flow' } : { in: 'seq', dash: dashOf(seq, index) }
    const value = wanted[index] as Json
    const splice = isEmptyNode(item) ? emptySplice(text, slot, value) : nodeSplice(text, item, slot, value)
    if (splice) return splice
  }
  return undefined
}

function startOf(node: Node): number {
  if (!node.range) throw new TooOdd()
  return node.range[0]
}

// -- Values ------------------------------------------------------------------------------------------------

function markOf(slot: Exclude<Slot, { in: 'flow' }>): number {
  const mark = slot.in === 'map' ? colonOf(slot.pair) : slot.dash
  if (mark < 0) throw new TooOdd()
  return mark
}

function fragmentFor(text: string, slot: Exclude<Slot, { in: 'flow' }>, value: Json, old?: Node): string {
  return slot.in === 'map'
    ? afterName(value, slot.column, old)
    : afterDash(value, columnOf(text, slot.dash), old)
}

// Puts `fragment` between mark and end; the comment that stood on the first line stays there.
function onLine(mark: number, end: number, fragment: string, comment: string): Splice {
  const [head = '', ...rest] = fragment.split('\n')
  const tail = rest.length > 0 ? `\n${rest.join('\n')}` : ''
  return { start: mark + 1, end, text: head + comment + tail }
}

function emptySplice(text: string, slot: Slot, wanted: Json): Splice | undefined {
  if (wanted === null) return undefined
  if (slot.in === 'flow') throw new TooOdd()
  const mark = markOf(slot)
  const end = lineEnd(text, mark)
  return onLine(mark, end, fragmentFor(text, slot, wanted), commentPart(text.slice(mark + 1, end)))
}

function commentPart(line: string): string {
  const comment = /(^|\s)#.*$/.exec(line)?.[0] ?? ''
  return comment === '' || comment.startsWith(' ') ? comment : ` ${comment.trimStart()}`
}

function replaced(text: string, node: Node, slot: Slot, wanted: Json): Splice {
  if (slot.in === 'flow') return { ...rangeOf(node), text: flowText(wanted, node) }
  const mark = markOf(slot)
  const end = contentEnd(text, node)
  const fragment = fragmentFor(text, slot, wanted, node)
  const first = lineEnd(text, mark)
  if (end > first) {
    const line = text.slice(mark + 1, first)
    const header = isScalar(node) ? /^\s*[|>][-+0-9]*(\s+#.*)$/.exec(line)?.[1] : commentPart(line)
    const inFirst = isScalar(node) && !/^\s*[|>]/.test(line) ? '' : (header ?? '')
    return onLine(mark, end, fragment, inFirst)
  }
  if (!fragment.includes('\n')) return { start: startOf(node), end, text: fragment.trimStart() }
  return onLine(mark, first, fragment, commentPart(text.slice(end, first)))
}

function rangeOf(node: Node): { start: number; end: number } {
  if (!node.range) throw new TooOdd()
  return { start: node.range[0], end: node.range[1] }
}

function flowReplaced(text: string, node: Node, wanted: Json): Splice {
  const { start, end } = rangeOf(node)
  if (/(^|\s)#/.test(text.slice(start, end))) throw new TooOdd()
  return { start, end, text: flowText(wanted) }
}

// -- Members and items -------------------------------------------------------------------------------------

function pairEnd(text: string, pair: Pair<Node, Node | null>): number {
  const colon = colonOf(pair)
  if (colon < 0) throw new TooOdd()
  return isEmptyNode(pair.value) ? colon + 1 : contentEnd(text, pair.value as Node)
}

function withoutPair(text: string, map: YAMLMap<Node, Node | null>, index: number): Splice {
  const pair = map.items[index] as Pair<Node, Node | null>
  const start = startOf(pair.key)
  const end = lineEnd(text, pairEnd(text, pair))
  const line = lineStart(text, start)
  if (text.slice(line, start).trim() === '')
    return { start: line, end: Math.min(end + 1, text.length), text: '' }
  const next = map.items[index + 1]
  if (!next) throw new TooOdd()
  const until = startOf(next.key)
  if (text.slice(end, until).includes('#')) throw new TooOdd()
  return { start, end: until, text: '' }
}

function withPair(
  text: string,
  map: YAMLMap<Node, Node | null>,
  index: number,
  name: string,
  value: Json,
): Splice {
  const first = map.items[0]
  if (!first) throw new TooOdd()
  const column = columnOf(text, startOf(first.key))
  const fragment = pairText(name, value, column)
  const margin = ' '.repeat(column)
  const before = map.items[index - 1]
  if (!before) {
    const start = startOf(first.key)
    return { start, end: start, text: `${fragment}\n${margin}` }
  }
  const at = lineEnd(text, pairEnd(text, before))
  return { start: at, end: at, text: `\n${margin}${fragment}` }
}

function ownLine(text: string, dash: number): number {
  if (dash < 0 || text.slice(lineStart(text, dash), dash).trim() !== '') throw new TooOdd()
  return lineStart(text, dash)
}

function itemEnd(text: string, seq: YAMLSeq<Node>, index: number): number {
  const item = seq.items[index] as Node
  return lineEnd(text, isEmptyNode(item) ? dashOf(seq, index) : contentEnd(text, item))
}

function withItem(text: string, seq: YAMLSeq<Node>, index: number, value: Json): Splice {
  const column = columnOf(text, dashOf(seq, 0))
  const fragment = `${' '.repeat(column)}-${afterDash(value, column)}`
  if (index === 0) {
    const start = ownLine(text, dashOf(seq, 0))
    return { start, end: start, text: `${fragment}\n` }
  }
  const at = itemEnd(text, seq, index - 1)
  return { start: at, end: at, text: `\n${fragment}` }
}

function withoutItem(text: string, seq: YAMLSeq<Node>, index: number): Splice {
  const start = ownLine(text, dashOf(seq, index))
  return { start, end: Math.min(itemEnd(text, seq, index) + 1, text.length), text: '' }
}

// From a JSON pointer to the place in the text, and back.
import { type Node, type Pair, isMap, isScalar, isSeq } from 'yaml'

import { type YamlDocument, dashOf, isEmptyNode } from '@/features/editor/yaml-document'

export interface Place {
  from: number
  to: number
  exact: boolean // false: the nearest thing around what does not exist
}

export function pointerSteps(pointer: string): string[] {
  if (pointer === '' || pointer === '/') return []
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function pointerTo(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

interface Found {
  node: Node | null
  mark: { from: number; to: number } // the name, or the dash
}

function child(at: Node | null, step: string): Found | undefined {
  if (isMap(at)) {
    const pair = at.items.find((one) => isScalar(one.key) && String(one.key.value) === step) as
      Pair<Node, Node | null> | undefined
    if (!pair?.key.range) return undefined
    return { node: pair.value, mark: { from: pair.key.range[0], to: pair.key.range[1] } }
  }
  const index = /^\d+$/.test(step) ? Number(step) : -1
  if (!isSeq(at) || index < 0 || index >= at.items.length) return undefined
  const node = at.items[index] as Node
  const dash = dashOf(at as Node, index)
  const start = dash >= 0 ? dash : (node.range?.[0] ?? 0)
  return { node, mark: { from: start, to: start + 1 } }
}

// A value on one line is marked whole, anything longer by its name.
function placeOf(text: string, found: Found, exact: boolean): Place {
  const range = found.node?.range
  const value = range && !isEmptyNode(found.node) ? text.slice(range[0], range[1]).trimEnd() : ''
  if (exact && range && isScalar(found.node) && value !== '' && !value.includes('\n'))
    return { from: range[0], to: range[0] + value.length, exact }
  if (isMap(found.node) && found.mark.to - found.mark.from === 1) {
    const first = found.node.items[0] as Pair<Node, Node | null> | undefined
    const end = first?.value?.range?.[1] ?? first?.key.range?.[1]
    const from = first?.key.range?.[0]
    if (from !== undefined && end !== undefined) {
      const line = text.indexOf('\n', from)
      return { from, to: line >= 0 && line < end ? line : end, exact }
    }
  }
  return { ...found.mark, exact }
}

export function placeAt(document: YamlDocument, pointer: string): Place {
  const { text, tree } = document
  let node = tree.contents as Node | null
  const start = node?.range?.[0] ?? 0
  let found: Found = { node, mark: { from: start, to: Math.max(start, firstLineEnd(text, start)) } }
  const steps = pointerSteps(pointer)
  if (steps.length === 0) return { ...found.mark, exact: true }
  for (const step of steps) {
    const next = child(node, step)
    if (!next) return placeOf(text, found, false)
    found = next
    node = next.node
  }
  return placeOf(text, found, true)
}

function firstLineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start)
  return end < 0 ? text.length : end
}

// Which block of the text an offset lies in.
export function blockAt(document: YamlDocument, offset: number): number | undefined {
  const root = document.tree.contents as Node | null
  const seq = isMap(root) ? root.get('blocks', true) : undefined
  if (!isSeq(seq)) return undefined
  const starts = seq.items.map((item, index) => {
    const dash = dashOf(seq as Node, index)
    return dash >= 0 ? dash : ((item as Node).range?.[0] ?? 0)
  })
  const end = (seq as Node).range?.[2] ?? 0
  const index = starts.findLastIndex((start) => start <= offset)
  return index >= 0 && offset <= end ? index : undefined
}

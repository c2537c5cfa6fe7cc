// A value written as YAML, to stand behind "name:" or behind "-" at a given column, or inside { } and [ ].
import { Document, Scalar, isScalar, stringify } from 'yaml'
import type { Node } from 'yaml'

import type { Json } from '@/features/editor/yaml-document'

const kOptions = { lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER } as const
const kShortList = 60 // characters of a list that stays on one line

// The characters that the controller takes as escapes only.
const kOnlyEscaped =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/
const kEscapedGlobally = new RegExp(kOnlyEscaped.source, 'g')

function escaped(fragment: string): string {
  return fragment.replace(
    kEscapedGlobally,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

// A scalar in the style of the one it replaces, where that can hold the new value.
function scalarNode(value: Json, old: Node | undefined): Scalar {
  const node = new Scalar(value)
  if (typeof value !== 'string') return node
  if (kOnlyEscaped.test(value)) node.type = Scalar.QUOTE_DOUBLE
  else if (old && isScalar(old) && typeof old.value === 'string' && value !== '') {
    const quoted = old.type === Scalar.QUOTE_DOUBLE || old.type === Scalar.QUOTE_SINGLE
    const block = old.type === Scalar.BLOCK_LITERAL || old.type === Scalar.BLOCK_FOLDED
    if (old.type && ((quoted && !value.includes('\n')) || block)) node.type = old.type
  }
  return node
}

function isShortList(value: Json): boolean {
  return (
    Array.isArray(value) &&
    value.every((item) => typeof item !== 'object' && !String(item).includes('\n')) &&
    JSON.stringify(value).length <= kShortList
  )
}

function nodeFor(value: Json, old: Node | undefined): Node {
  if (value === null || typeof value !== 'object') return scalarNode(value, old)
  const node = new Document().createNode(value, { aliasDuplicateObjects: false }) as Node
  const mark = (at: unknown, plain: Json): void => {
    if (isScalar(at) && typeof plain === 'string' && kOnlyEscaped.test(plain)) at.type = Scalar.QUOTE_DOUBLE
    const items = (at as { items?: unknown[] }).items
    if (!items) return
    if (isShortList(plain)) (at as { flow?: boolean }).flow = true
    items.forEach((item, index) => {
      if (Array.isArray(plain)) return mark(item, plain[index] as Json)
      const pair = item as { key: Scalar; value: unknown }
      mark(pair.value, (plain as Record<string, Json>)[String(pair.key.value)] as Json)
    })
  }
  mark(node, value)
  return node
}

function shifted(lines: string, column: number): string {
  const margin = ' '.repeat(column)
  return lines
    .split('\n')
    .map((line, index) => (index === 0 || line === '' ? line : margin + line))
    .join('\n')
}

function withoutLastBreak(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text
}

function written(value: unknown): string {
  return escaped(stringify(value, { ...kOptions, flowCollectionPadding: true }))
}

// " value", " |\n  lines" or "\n  name: value", for a name at `column`.
export function afterName(value: Json, column: number, old?: Node): string {
  const text = withoutLastBreak(written({ k: nodeFor(value, old) }))
  return shifted(text.slice('k:'.length), column)
}

// The same for an item whose dash stands at `column`.
export function afterDash(value: Json, column: number, old?: Node): string {
  const text = withoutLastBreak(written([nodeFor(value, old)]))
  return shifted(text.slice('-'.length), column)
}

// "name: value" at `column`; the first line has no margin.
export function pairText(name: string, value: Json, column: number): string {
  return shifted(withoutLastBreak(written({ [name]: nodeFor(value, undefined) })), column)
}

// On one line, for the inside of { } and [ ].
export function flowText(value: Json, old?: Node): string {
  const node = value === null || typeof value !== 'object' ? scalarNode(value, old) : value
  const text = escaped(stringify([node], { ...kOptions, collectionStyle: 'flow' }))
  return withoutLastBreak(text).slice('[ '.length, -' ]'.length)
}

export function documentText(value: Json): string {
  return written(nodeFor(value, undefined))
}

// Changes the tree of a document to a new value and writes all of it: nodes that stay keep their comments.
import { type Document, type Node, type Pair, type YAMLMap, type YAMLSeq, isMap, isScalar, isSeq } from 'yaml'

import {
  type Json,
  type YamlDocument,
  isObject,
  isSame,
  parseYaml,
  plain,
} from '@/features/editor/yaml-document'

export function reshapeTree(document: YamlDocument, wanted: Json): string {
  const again = parseYaml(document.text)
  if (!again.ok) throw new Error('a document that was read cannot be read')
  const { tree } = again.document
  tree.contents = changed(tree, tree.contents as Node | null, wanted) as typeof tree.contents
  return tree.toString({ lineWidth: 0 })
}

function changed(tree: Document, node: Node | null, wanted: Json): Node {
  if (isMap(node) && isObject(wanted)) return changedMap(tree, node as YAMLMap<Node, Node | null>, wanted)
  if (isSeq(node) && Array.isArray(wanted)) return changedSeq(tree, node as YAMLSeq<Node>, wanted)
  if (isScalar(node) && (wanted === null || typeof wanted !== 'object')) {
    if (!isSame(node.value, wanted)) {
      node.value = wanted
      delete node.source
      delete node.type
    }
    return node
  }
  const fresh = tree.createNode(wanted, { aliasDuplicateObjects: false }) as Node
  if (node?.commentBefore) fresh.commentBefore = node.commentBefore
  if (node?.comment) fresh.comment = node.comment
  return fresh
}

function changedMap(tree: Document, map: YAMLMap<Node, Node | null>, wanted: Record<string, Json>): Node {
  const old = new Map<string, Pair<Node, Node | null>>()
  for (const pair of map.items) if (isScalar(pair.key)) old.set(String(pair.key.value), pair)
  const kept = [...old.keys()].filter((name) => Object.hasOwn(wanted, name))
  const fresh = Object.keys(wanted).filter((name) => !old.has(name))
  map.items = [...kept, ...fresh].map((name) => {
    const pair = old.get(name)
    if (!pair) return tree.createPair(name, wanted[name]) as unknown as Pair<Node, Node | null>
    pair.value = changed(tree, pair.value, wanted[name] as Json)
    return pair
  })
  return map
}

function changedSeq(tree: Document, seq: YAMLSeq<Node>, wanted: Json[]): Node {
  const pool = seq.items.map((item) => ({ item, value: plain(item), used: false }))
  const exact = wanted.map((value) => {
    const found = pool.find((one) => !one.used && isSame(one.value, value))
    if (found) found.used = true
    return found?.item
  })
  seq.items = wanted.map((value, index) => {
    if (exact[index]) return exact[index]
    const here = pool[index]
    if (!here || here.used) return changed(tree, null, value)
    here.used = true
    return changed(tree, here.item, value)
  })
  return seq
}

// What one can do to the list of blocks. Every move is said aloud; what was deleted can be brought back.
import { type BlockType, type EditedBlock, type ValuePath, defaults } from '@/features/editor/block-model'
import type { EditorStore } from '@/features/editor/editor-store'
import {
  type NewItem,
  asNew,
  duplicateBlocks,
  insertBlock,
  insertBlocks,
  moveBlocks,
  moved,
  removeBlocks,
  setIn,
} from '@/features/editor/yaml-sync'
import { counted } from '@/lib/format'

export interface BlockActions {
  change: (block: EditedBlock, path: ValuePath, value: unknown) => void
  add: (type: BlockType, position?: number) => void
  paste: (items: readonly NewItem[], position?: number) => void
  move: (keys: readonly string[], to: number) => void
  step: (key: string, by: -1 | 1) => void
  duplicate: (keys: readonly string[]) => void
  remove: (keys: readonly string[]) => void
}

export interface ActionHost {
  store: EditorStore
  announce: (text: string) => void
  removed: (text: string) => void // offers the way back
  opened: (keys: string[], field: 'name' | 'row') => void // opens these blocks and goes there
  gone: (position: number) => void // the focus goes to what stands there now
  stay: (key: string, had: Element | null) => void // moved rows lose the focus they had
}

function named(block: EditedBlock | undefined): string {
  return block?.name ? `“${block.name}”` : 'The block'
}

function changeBlock(store: EditorStore, block: EditedBlock, path: ValuePath, value: unknown): void {
  const at = store.get().runbook.blocks.find((one) => one.key === block.key)
  if (!at) return
  const place = `${block.key} ${path.join('/')}`
  store.edit((document) => setIn(document, ['blocks', at.index, ...path], value), place)
}

export function blockActions(host: ActionHost): BlockActions {
  const { store } = host
  const blocks = () => store.get().runbook.blocks
  const positions = (keys: readonly string[]) =>
    blocks().flatMap((block, position) => (keys.includes(block.key) ? [position] : []))
  const indexes = (count: number) => Array.from({ length: count }, (_, position) => position)

  const add = (position: number | undefined, count: number, edit: () => boolean) => {
    const at = position ?? blocks().length - count
    if (!edit()) return
    const added = blocks().slice(at, at + count)
    const keys = added.map((block) => block.key)
    host.opened(keys, 'name')
    host.announce(`Added ${counted(count, 'block')} at position ${at + 1} of ${blocks().length}.`)
  }
  const move: BlockActions['move'] = (keys, to) => {
    const from = positions(keys)
    const order = moved(blocks().length, from, to)
    if (from.length === 0 || order.every((was, now) => was === now)) return
    const had = document.activeElement
    if (!store.edit((tree) => moveBlocks(tree, from, to), '', order)) return
    const now = positions(keys)
    const what = now.length === 1 ? named(blocks()[now[0] ?? 0]) : counted(now.length, 'block')
    host.announce(`${what} moved to position ${(now[0] ?? 0) + 1} of ${blocks().length}.`)
    for (const key of keys) host.stay(key, had)
  }
  return {
    move,
    change: (block, path, value) => changeBlock(store, block, path, value),
    add: (type, position) => {
      const at = position ?? blocks().length
      const order = indexes(blocks().length)
      order.splice(at, 0, -1)
      add(at, 1, () => store.edit((document) => insertBlock(document, at, defaults(type)), '', order))
    },
    paste: (items, position) => {
      const at = position ?? blocks().length
      const order = indexes(blocks().length)
      order.splice(at, 0, ...items.map(() => -1))
      const edit = () =>
        store.edit((document) => insertBlocks(document, at, asNew(document, items)), '', order)
      add(at, items.length, edit)
    },
    step: (key, by) => {
      const [position] = positions([key])
      if (position === undefined) return
      const last = by < 0 ? position === 0 : position === blocks().length - 1
      if (last) host.announce(`${named(blocks()[position])} is already ${by < 0 ? 'first' : 'last'}.`)
      else move([key], by < 0 ? position - 1 : position + 2)
    },
    duplicate: (keys) => {
      const from = positions(keys)
      const order = indexes(blocks().length).flatMap((at) => (from.includes(at) ? [at, -1] : [at]))
      if (!store.edit((document) => duplicateBlocks(document, from), '', order)) return
      const copies = order.flatMap((was, now) => (was < 0 ? (blocks()[now]?.key ?? []) : []))
      host.opened(copies, 'row')
      host.announce(`Copied ${counted(from.length, 'block')}.`)
    },
    remove: (keys) => {
      const from = positions(keys)
      const what = from.length === 1 ? named(blocks()[from[0] ?? 0]) : counted(from.length, 'block')
      const order = indexes(blocks().length).filter((at) => !from.includes(at))
      if (!store.edit((document) => removeBlocks(document, from), '', order)) return
      host.removed(`${what} deleted.`)
      host.gone(from[0] ?? 0)
    },
  }
}

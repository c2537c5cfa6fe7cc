// The state of the editor's frame: which blocks are open, chosen and current, and the ways to get to a place.
import { useCallback, useMemo, useRef, useState, useSyncExternalStore } from 'react'

import type { CodeEditorHandle } from '@/components/code-editor'
import { type BlockActions, blockActions } from '@/features/editor/block-actions'
import { rowId } from '@/features/editor/block-row'
import type { Editor, SideTab } from '@/features/editor/editor-context'
import type { EditorStore } from '@/features/editor/editor-store'
import { kRunbookKey } from '@/features/editor/runbook-section'
import { type PlacedProblem, useProblems } from '@/features/editor/use-problems'

export type Pane = 'blocks' | 'side' // on narrow screens

export interface EditorParts {
  editor: Editor
  said: string // for screen readers
  removed: string | undefined // what was deleted last
  forgetRemoved: () => void
  pane: Pane
  setPane: (pane: Pane) => void
  yamlReady: (handle: CodeEditorHandle) => void
}

const reducedMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

// After React has drawn what was asked for.
function later(run: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(run))
}

function goTo(element: HTMLElement | null | undefined): void {
  element?.scrollIntoView({ block: 'nearest', behavior: reducedMotion() ? 'auto' : 'smooth' })
  element?.focus({ preventScroll: true })
}

// The field of a block that shows this problem, else its row.
function fieldOf(key: string, message: string): HTMLElement | null {
  const fields = [
    ...(document.getElementById(key)?.querySelectorAll<HTMLElement>('[aria-invalid="true"]') ?? []),
  ]
  const said = (field: HTMLElement) =>
    (field.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .some((id) => document.getElementById(id)?.textContent?.includes(message))
  return fields.find(said) ?? document.getElementById(rowId(key))
}

function useOpenBlocks() {
  const [open, setOpenSet] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosenSet] = useState<ReadonlySet<string>>(new Set())
  return {
    open,
    chosen,
    setOpen: (keys: Iterable<string>) => setOpenSet(new Set(keys)),
    addOpen: useCallback((keys: string[]) => setOpenSet((old) => new Set([...old, ...keys])), []),
    toggle: (key: string, want?: boolean) =>
      setOpenSet((old) => {
        const next = new Set(old)
        if (want ?? !old.has(key)) next.add(key)
        else next.delete(key)
        return next
      }),
    setChosen: (keys: Iterable<string>) => setChosenSet(new Set(keys)),
  }
}

function useActions(store: EditorStore, addOpen: (keys: string[]) => void) {
  const [said, setSaid] = useState('')
  const [removed, setRemoved] = useState<string>()
  const actions = useMemo<BlockActions>(
    () =>
      blockActions({
        store,
        announce: setSaid,
        removed: (text) => {
          setRemoved(text)
          setSaid(`${text} Undo brings it back.`)
        },
        opened: (keys, field) => {
          const [first] = keys
          if (!first) return
          addOpen(keys)
          later(() => {
            const name = document.getElementById(first)?.querySelector<HTMLInputElement>('[data-block-name]')
            goTo(field === 'name' ? name : document.getElementById(rowId(first)))
            if (field === 'name') name?.select()
          })
        },
        gone: (position) => {
          const { blocks } = store.get().runbook
          const next = blocks[Math.min(position, blocks.length - 1)]
          later(() => goTo(document.getElementById(rowId(next?.key ?? kRunbookKey))))
        },
        stay: (key, had) =>
          later(() => {
            const inside = had instanceof HTMLElement && document.getElementById(key)?.contains(had)
            if (inside) goTo(had)
          }),
      }),
    [store, addOpen],
  )
  return { actions, said, removed, setRemoved }
}

export function useEditorParts(id: string | undefined, store: EditorStore): EditorParts {
  const state = useSyncExternalStore(store.subscribe, store.get)
  const problems = useProblems(store, state)
  const blocks = useOpenBlocks()
  const { actions, said, removed, setRemoved } = useActions(store, blocks.addOpen)
  const [current, setCurrent] = useState<string>()
  const [tab, setTab] = useState<SideTab>('yaml')
  const [pane, setPane] = useState<Pane>('blocks')
  const yaml = useRef<CodeEditorHandle>(undefined)
  const pending = useRef<[number, number]>(undefined)

  const showLine = (from: number, to = from) => {
    pending.current = [from, to]
    yaml.current?.show(from, to)
  }
  const showBlock = (key: string, message?: string) => {
    blocks.toggle(key, true)
    setPane('blocks')
    later(() => goTo(message ? fieldOf(key, message) : document.getElementById(rowId(key))))
  }
  const showProblem = (problem: PlacedProblem) => {
    showLine(problem.from, problem.to)
    if (problem.id === 'yaml') {
      setTab('yaml')
      setPane('side')
      later(() => yaml.current?.focus())
    } else showBlock(problem.block ?? kRunbookKey, problem.message)
  }
  const yamlReady = (handle: CodeEditorHandle) => {
    yaml.current = handle
    if (pending.current) handle.show(...pending.current)
  }
  const openTab = (next: SideTab) => {
    if (next !== 'yaml') yaml.current = undefined
    setTab(next)
    setPane('side')
  }
  const locked = state.error ? `The YAML has an error on line ${state.error.line}.` : undefined
  const { open, toggle, setOpen, chosen, setChosen } = blocks
  const editor: Editor = {
    ...{ id, store, state, problems, actions, open, toggle, setOpen, chosen, setChosen },
    ...{ current, setCurrent, tab, setTab: openTab, showBlock, showProblem, showLine, locked },
  }
  return { editor, said, removed, forgetRemoved: () => setRemoved(undefined), pane, setPane, yamlReady }
}

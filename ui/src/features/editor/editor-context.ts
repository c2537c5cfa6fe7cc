// What the parts of the editor share.
import { createContext, useContext } from 'react'

import type { BlockActions } from '@/features/editor/block-actions'
import type { EditorState, EditorStore } from '@/features/editor/editor-store'
import type { PlacedProblem, Problems } from '@/features/editor/use-problems'

export type SideTab = 'yaml' | 'preview' | 'problems' | 'variables' | 'dry-run'

export interface Editor {
  id: string | undefined // of the runbook; a new one has none
  store: EditorStore
  state: EditorState
  problems: Problems
  actions: BlockActions
  open: ReadonlySet<string> // keys of blocks
  toggle: (key: string, open?: boolean) => void
  setOpen: (keys: Iterable<string>) => void
  chosen: ReadonlySet<string>
  setChosen: (keys: Iterable<string>) => void
  current: string | undefined // the block the YAML cursor is in
  setCurrent: (key: string | undefined) => void
  tab: SideTab
  setTab: (tab: SideTab) => void
  showBlock: (key: string) => void
  showProblem: (problem: PlacedProblem) => void
  showLine: (from: number, to?: number) => void
  locked: string | undefined // why blocks cannot be edited now
}

export const EditorContext = createContext<Editor | undefined>(undefined)

export function useEditor(): Editor {
  const editor = useContext(EditorContext)
  if (!editor) throw new Error('outside of an editor')
  return editor
}

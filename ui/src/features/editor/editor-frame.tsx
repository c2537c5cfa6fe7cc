// The editor of one document: header, what stands in the way, list of blocks, side panel.
import { Suspense, lazy, useState } from 'react'

import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { usePageTitle } from '@/components/page'
import { AddMenu, PasteDialog } from '@/features/editor/add-block'
import { BlockList } from '@/features/editor/block-list'
import { rowId } from '@/features/editor/block-row'
import { ConflictBanner } from '@/features/editor/conflict-banner'
import type { DraftKeeper } from '@/features/editor/draft-keeper'
import { EditorContext } from '@/features/editor/editor-context'
import { EditorHeader } from '@/features/editor/editor-header'
import type { EditorStore } from '@/features/editor/editor-store'
import { LeaveGuard } from '@/features/editor/leave-guard'
import { SaveDialog } from '@/features/editor/save-dialog'
import { SidePanel } from '@/features/editor/side-panel'
import { useDrafts } from '@/features/editor/use-drafts'
import { useEditorKeys } from '@/features/editor/use-editor-keys'
import { type EditorParts, type Pane, useEditorParts } from '@/features/editor/use-editor-parts'
import { useSaving } from '@/features/editor/use-saving'
import { useCommands } from '@/lib/commands'
import { useHotkeys } from '@/lib/hotkeys'

const CompareDialog = lazy(() =>
  import('@/features/editor/compare-dialog').then((m) => ({ default: m.CompareDialog })),
)

interface Props {
  id: string | undefined
  store: EditorStore
  keeper: DraftKeeper
  notices?: React.ReactNode
  onDiscard: () => void
}

export function EditorFrame({ id, store, keeper, notices, onDiscard }: Props) {
  const parts = useEditorParts(id, store)
  const { editor, said } = parts
  const draft = useDrafts(store, keeper)
  const saving = useSaving(editor, keeper)
  const adding = useAdding(parts)
  const title = editor.state.runbook.title || (id ? 'Runbook' : 'New runbook')
  usePageTitle(`Edit ${title}`)
  useEditorActions(parts, saving.ask)
  const { conflict } = saving
  return (
    <EditorContext value={editor}>
      <BreadcrumbEnd title={title} />
      <div className="flex h-full min-h-0 flex-col">
        <EditorHeader
          newest={saving.newest}
          edited={saving.edited}
          draft={draft}
          onSave={saving.ask}
          onDryRun={() => editor.setTab('dry-run')}
          onDiscard={onDiscard}
          cannotSave={saving.reason}
        />
        {conflict && (
          <ConflictBanner
            conflict={conflict}
            base={editor.state.base?.number ?? 0}
            readable={!editor.state.error}
            onCompare={saving.compare}
            onMove={() => saving.move({})}
          />
        )}
        {notices}
        {saving.notice}
        <PaneSwitch pane={parts.pane} setPane={parts.setPane} />
        <Body parts={parts} onPaste={adding.askPaste} />
        <RemovedBar parts={parts} />
      </div>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      {adding.dialogs}
      <SaveDialog
        key={editor.state.base?.number ?? 0}
        open={saving.asking}
        onClose={saving.cancel}
        version={(saving.newest ?? 0) + 1}
        problems={editor.problems.list.length}
        busy={saving.busy}
        error={saving.error}
        onSave={saving.save}
      />
      {conflict?.compared && saving.comparing && (
        <Suspense>
          <CompareDialog
            key={conflict.runbook.version.id}
            open
            onClose={saving.cancel}
            compared={conflict.compared}
            base={editor.state.base?.number ?? 0}
            theirs={conflict.runbook.version.version_number}
            person={conflict.runbook.version.created_by_name}
            onMove={saving.move}
          />
        </Suspense>
      )}
      <LeaveGuard keeper={keeper} draft={draft} />
    </EditorContext>
  )
}

function Body({ parts, onPaste }: { parts: EditorParts; onPaste: () => void }) {
  const { pane } = parts
  return (
    <div className="flex min-h-0 flex-1">
      <div className={cx('min-w-0 flex-1 overflow-y-auto p-4', pane === 'side' && 'max-lg:hidden')}>
        <BlockList onPaste={onPaste} />
      </div>
      <aside
        aria-label="Document"
        className={cx(
          'min-w-0 border-line max-lg:flex-1 lg:w-[464px] lg:shrink-0 lg:border-l 2xl:w-[560px]',
          pane === 'blocks' && 'max-lg:hidden',
        )}
      >
        <SidePanel onYaml={parts.yamlReady} />
      </aside>
    </div>
  )
}

function PaneSwitch({ pane, setPane }: { pane: Pane; setPane: (pane: Pane) => void }) {
  const names: [Pane, string][] = [
    ['blocks', 'Blocks'],
    ['side', 'YAML and more'],
  ]
  return (
    <div role="group" aria-label="Shown" className="flex shrink-0 gap-1 border-b border-line p-2 lg:hidden">
      {names.map(([value, name]) => (
        <button
          key={value}
          type="button"
          aria-pressed={pane === value}
          onClick={() => setPane(value)}
          className={cx(
            'min-h-8 flex-1 rounded-md px-3 font-medium max-md:min-h-11',
            pane === value ? 'bg-accent-bg text-accent' : 'text-mute hover:bg-raised',
          )}
        >
          {name}
        </button>
      ))}
    </div>
  )
}

function RemovedBar({ parts }: { parts: EditorParts }) {
  const { removed, forgetRemoved, editor } = parts
  if (!removed || !editor.state.canUndo) return null
  const undo = () => {
    editor.store.undo()
    forgetRemoved()
  }
  return (
    <div className="flex shrink-0 items-center gap-3 border-t border-line bg-raised px-4 py-1.5">
      <span>{removed}</span>
      <Button onClick={undo}>Undo</Button>
      <Button kind="quiet" onClick={forgetRemoved}>
        Dismiss
      </Button>
    </div>
  )
}

function focusedRow(parts: EditorParts): number {
  const { blocks } = parts.editor.state.runbook
  return blocks.findIndex((block) => document.getElementById(block.key)?.contains(document.activeElement))
}

function useAdding(parts: EditorParts) {
  const [menu, setMenu] = useState<number>()
  const [paste, setPaste] = useState<number>()
  const { editor } = parts
  const end = () => editor.state.runbook.blocks.length
  useHotkeys({
    '/': () => {
      if (editor.locked) return
      const row = focusedRow(parts)
      setMenu(row < 0 ? end() : row + 1)
    },
  })
  const dialogs = (
    <>
      <AddMenu
        open={menu !== undefined}
        onClose={() => setMenu(undefined)}
        onAdd={(type) => {
          setMenu(undefined)
          editor.actions.add(type, menu)
        }}
        onPaste={() => {
          setMenu(undefined)
          setPaste(menu)
        }}
      />
      <PasteDialog
        open={paste !== undefined}
        onClose={() => setPaste(undefined)}
        onAdd={(items) => {
          setPaste(undefined)
          editor.actions.paste(items, paste)
        }}
      />
    </>
  )
  return { dialogs, askPaste: () => setPaste(end()) }
}

function useEditorActions(parts: EditorParts, save: () => void) {
  const { editor } = parts
  const { blocks } = editor.state.runbook
  const focus = (position: number) => {
    const block = blocks[Math.max(0, Math.min(blocks.length - 1, position))]
    if (block) document.getElementById(rowId(block.key))?.focus()
  }
  const [last, setLast] = useState(-1)
  const nextProblem = (by: 1 | -1) => {
    const { list } = editor.problems
    if (list.length === 0) return
    const at = (last + by + list.length) % list.length
    setLast(at)
    const problem = list[at]
    if (problem) editor.showProblem(problem)
  }
  const toggleChosen = () => {
    const key = blocks[focusedRow(parts)]?.key
    if (!key) return
    const { chosen } = editor
    editor.setChosen(chosen.has(key) ? [...chosen].filter((one) => one !== key) : [...chosen, key])
  }
  const removeFocused = () => {
    const onRow = document.activeElement?.id.startsWith('row-')
    const block = blocks[focusedRow(parts)]
    if (onRow && block && !editor.locked) editor.actions.remove([block.key])
  }
  const { undo, redo } = editor.store
  useEditorKeys({ save, undo, redo, nextProblem })
  useHotkeys({
    j: () => focus(focusedRow(parts) + 1),
    k: () => focus(Math.max(focusedRow(parts) - 1, 0)),
    x: toggleChosen,
    d: () => editor.setTab('dry-run'),
    Delete: removeFocused,
  })
  useCommands([
    { name: 'Save as a version', keys: 'Ctrl S', run: save },
    { name: 'Dry run', keys: 'd', run: () => editor.setTab('dry-run') },
    { name: 'Next problem', keys: 'F8', run: () => nextProblem(1) },
    { name: 'Undo', keys: 'Ctrl Z', run: undo },
    { name: 'Redo', keys: 'Ctrl Shift Z', run: redo },
  ])
}

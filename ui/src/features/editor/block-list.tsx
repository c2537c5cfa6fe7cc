// The blocks in the order they run, and what one can do to several of them.
import { ArrowDown, ArrowUp, ChevronsDownUp, ChevronsUpDown, Copy, Trash2, X } from 'lucide-react'
import { useCallback } from 'react'

import { Button } from '@/components/button'
import { IconButton } from '@/components/icon-button'
import { AddRow } from '@/features/editor/add-block'
import { BlockRow } from '@/features/editor/block-row'
import { useEditor } from '@/features/editor/editor-context'
import { RunbookSection } from '@/features/editor/runbook-section'
import { useBlockDrop } from '@/features/editor/use-block-drag'
import { blocksIn } from '@/features/editor/yaml-sync'
import { counted } from '@/lib/format'

export function BlockList({ onPaste }: { onPaste: () => void }) {
  const { state, actions, store, locked } = useEditor()
  const { blocks } = state.runbook
  useBlockDrop(
    useCallback(
      (key, target, edge) => {
        const at = store.get().runbook.blocks.findIndex((block) => block.key === target)
        actions.move([key], edge === 'top' ? at : at + 1)
      },
      [actions, store],
    ),
  )
  const pasted = (event: React.ClipboardEvent) => {
    const inField = (event.target as HTMLElement).closest('input, textarea, select, [contenteditable]')
    const hidden = event.nativeEvent.composedPath()[0] !== event.target
    if (inField || hidden || locked) return
    const items = blocksIn(event.clipboardData.getData('text/plain'))
    if (items) actions.paste(items)
  }
  return (
    <div onPaste={pasted} className="mx-auto flex w-full max-w-[880px] flex-col gap-2">
      {state.error && (
        <p role="status" className="rounded-lg border border-failed bg-surface px-3 py-2 text-failed">
          YAML has an error on line {state.error.line}: this is the list as it was before. Only the text can
          be edited until it is mended.
        </p>
      )}
      <RunbookSection />
      <ListBar />
      {blocks.length === 0 ? (
        <p className="px-1 py-4 text-mute">No blocks yet. Add the first one.</p>
      ) : (
        <ol aria-label="Blocks" className="flex flex-col gap-2">
          {blocks.map((block, position) => (
            <BlockRow key={block.key} block={block} position={position} />
          ))}
        </ol>
      )}
      <AddRow onPaste={onPaste} />
    </div>
  )
}

function ListBar() {
  const { state, open, setOpen, chosen } = useEditor()
  const { blocks } = state.runbook
  if (chosen.size > 0) return <ChosenBar />
  const anyOpen = blocks.some((block) => open.has(block.key))
  if (blocks.length < 2) return null
  return (
    <div className="flex items-center justify-between px-1">
      <h2 className="text-small text-mute">{counted(blocks.length, 'block')}</h2>
      <Button
        kind="quiet"
        icon={anyOpen ? <ChevronsDownUp aria-hidden size={14} /> : <ChevronsUpDown aria-hidden size={14} />}
        onClick={() => setOpen(anyOpen ? [] : blocks.map((block) => block.key))}
      >
        {anyOpen ? 'Collapse all' : 'Open all'}
      </Button>
    </div>
  )
}

function ChosenBar() {
  const { state, actions, chosen, setChosen, locked } = useEditor()
  const { blocks } = state.runbook
  const keys = blocks.map((block) => block.key).filter((key) => chosen.has(key))
  const positions = keys.map((key) => blocks.findIndex((block) => block.key === key))
  const first = Math.min(...positions)
  const last = Math.max(...positions)
  const remove = () => {
    setChosen([])
    actions.remove(keys)
  }
  return (
    <div
      role="toolbar"
      aria-label="Chosen blocks"
      className="flex flex-wrap items-center gap-1 rounded-lg bg-accent-bg px-3 py-1"
    >
      <span className="mr-auto font-semibold">{counted(keys.length, 'block')} chosen</span>
      <IconButton
        name="Move the chosen blocks up"
        disabled={locked !== undefined || first <= 0}
        onClick={() => actions.move(keys, first - 1)}
      >
        <ArrowUp aria-hidden size={15} />
      </IconButton>
      <IconButton
        name="Move the chosen blocks down"
        disabled={locked !== undefined || last >= blocks.length - 1}
        onClick={() => actions.move(keys, last + 2)}
      >
        <ArrowDown aria-hidden size={15} />
      </IconButton>
      <Button
        kind="quiet"
        icon={<Copy aria-hidden size={14} />}
        reason={locked}
        onClick={() => actions.duplicate(keys)}
      >
        Duplicate
      </Button>
      <Button kind="quiet" icon={<Trash2 aria-hidden size={14} />} reason={locked} onClick={remove}>
        Delete
      </Button>
      <IconButton name="Choose none" onClick={() => setChosen([])}>
        <X aria-hidden size={15} />
      </IconButton>
    </div>
  )
}

// The ways to add a block: a row of the five types, the "/" menu at the cursor, pasted YAML.
import { ClipboardPaste } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'

import { Button } from '@/components/button'
import { CodeEditor } from '@/components/code-editor'
import { Dialog } from '@/components/dialog'
import { type BlockType, kBlockKinds } from '@/features/editor/block-model'
import { useEditor } from '@/features/editor/editor-context'
import { type NewItem, blocksIn } from '@/features/editor/yaml-sync'
import { counted } from '@/lib/format'

export function AddRow({ onPaste }: { onPaste: () => void }) {
  const { actions, locked } = useEditor()
  return (
    <div role="group" aria-label="Add a block" className="flex flex-wrap items-center gap-2">
      <span aria-hidden className="text-mute">
        Add
      </span>
      {kBlockKinds.map(({ type, name, icon: Icon, about }) => (
        <Button
          key={type}
          icon={<Icon aria-hidden size={15} className="text-accent" />}
          title={about}
          reason={locked}
          onClick={() => actions.add(type)}
        >
          {name}
        </Button>
      ))}
      <Button kind="quiet" icon={<ClipboardPaste aria-hidden size={15} />} reason={locked} onClick={onPaste}>
        Paste YAML
      </Button>
    </div>
  )
}

interface MenuProps {
  open: boolean
  onClose: () => void
  onAdd: (type: BlockType) => void
  onPaste: () => void
}

// Arrow keys move, Enter adds, 1 to 5 add at once.
export function AddMenu({ open, onClose, onAdd, onPaste }: MenuProps) {
  const first = useRef<HTMLElement>(null)
  const keys = (event: KeyboardEvent<HTMLUListElement>) => {
    const buttons = [...event.currentTarget.querySelectorAll('button')]
    const at = buttons.findIndex((button) => button === document.activeElement)
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const number = /^[1-6]$/.test(event.key) ? Number(event.key) - 1 : undefined
    if (by !== undefined) buttons.at((at + by) % buttons.length)?.focus()
    else if (number !== undefined) buttons[number]?.click()
    else return
    event.preventDefault()
  }
  return (
    <Dialog open={open} onClose={onClose} title="Add a block" initialFocus={first}>
      {/* The keys are those of the buttons inside. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ul
        ref={(list) => {
          first.current = list?.querySelector('button') ?? null
        }}
        onKeyDown={keys}
        className="-mx-2 flex flex-col"
      >
        {kBlockKinds.map(({ type, name, about, icon: Icon }, index) => (
          <li key={type}>
            <button
              type="button"
              onClick={() => onAdd(type)}
              className="flex min-h-10 w-full items-center gap-3 rounded-md px-2 text-left hover:bg-raised"
            >
              <Icon aria-hidden size={16} className="shrink-0 text-accent" />
              <span className="w-24 shrink-0 font-semibold">{name}</span>
              <span className="flex-1 text-mute">{about}</span>
              <kbd aria-hidden className="font-mono text-small text-mute">
                {index + 1}
              </kbd>
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            onClick={onPaste}
            className="flex min-h-10 w-full items-center gap-3 rounded-md px-2 text-left hover:bg-raised"
          >
            <ClipboardPaste aria-hidden size={16} className="shrink-0 text-accent" />
            <span className="w-24 shrink-0 font-semibold">Paste YAML</span>
            <span className="flex-1 text-mute">One block, a list of blocks or a runbook</span>
            <kbd aria-hidden className="font-mono text-small text-mute">
              6
            </kbd>
          </button>
        </li>
      </ul>
    </Dialog>
  )
}

interface PasteProps {
  open: boolean
  onClose: () => void
  onAdd: (items: readonly NewItem[]) => void
}

export function PasteDialog({ open, onClose, onAdd }: PasteProps) {
  const [text, setText] = useState('')
  const items = text.trim() === '' ? [] : blocksIn(text)
  const add = () => {
    if (!items || items.length === 0) return
    onAdd(items)
    setText('')
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Paste YAML"
      description="One block, a list of blocks, or a runbook whose blocks are taken."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={!items || items.length === 0} onClick={add}>
            {items && items.length > 0 ? `Add ${counted(items.length, 'block')}` : 'Add'}
          </Button>
        </>
      }
    >
      <CodeEditor
        language="yaml"
        label="Blocks as YAML"
        value={text}
        onChange={setText}
        minRows={12}
        maxRows={18}
        onReady={(handle) => handle.focus()}
      />
      <p role="status" className="mt-2 min-h-5 text-failed">
        {items === undefined && 'There is no block in this text, or it is not YAML.'}
      </p>
    </Dialog>
  )
}

// The command palette: a combobox over actions, places and things. The list follows the WAI-ARIA pattern
// "combobox with listbox popup": the focus stays in the text, arrows move, Enter does it.
import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useNavigate } from 'react-router'

import { cx } from '@/components/class-names'
import { Dialog } from '@/components/dialog'
import { Kbd } from '@/components/kbd'
import { useSettled } from '@/lib/use-settled'
import { type PaletteEntry, usePaletteEntries } from '@/app/palette-entries'

const kPauseMs = 150

export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const { entries, busy, error } = usePaletteEntries(useSettled(text.trim(), kPauseMs))
  const [at, setAt] = useState(0)
  const navigate = useNavigate()
  const list = useId()
  const active = Math.min(at, entries.length - 1)

  const choose = (entry: PaletteEntry | undefined) => {
    if (!entry || entry.reason) return
    onClose()
    if (entry.go !== undefined) void navigate(entry.go)
    // What it opens must find the palette closed: a dialog gives the focus back when it goes.
    else setTimeout(() => entry.run?.())
  }
  const pressed = (event: KeyboardEvent) => {
    const last = entries.length - 1
    if (event.key === 'ArrowDown') setAt(active >= last ? 0 : active + 1)
    else if (event.key === 'ArrowUp') setAt(active <= 0 ? last : active - 1)
    else if (event.key === 'Enter') choose(entries[active])
    else return
    event.preventDefault()
  }
  return (
    <Dialog open onClose={onClose} title="Search or run a command">
      <div className="-m-4 flex flex-col">
        <label className="flex items-center gap-2 border-b border-line px-4">
          <Search aria-hidden size={15} className="text-faint" />
          {/* eslint-disable jsx-a11y/no-autofocus -- the palette is opened to type into it */}
          <input
            autoFocus
            role="combobox"
            aria-label="Search or run a command"
            aria-expanded
            aria-controls={list}
            aria-activedescendant={active < 0 ? undefined : `${list}-${active}`}
            autoComplete="off"
            spellCheck={false}
            placeholder="A page, a runbook, a host, an action"
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setAt(0)
            }}
            onKeyDown={pressed}
            className="h-11 flex-1 bg-transparent focus-visible:outline-none max-md:text-[16px]"
          />
          {/* eslint-enable jsx-a11y/no-autofocus */}
        </label>
        <Entries list={list} entries={entries} active={active} onChoose={choose} />
        <p role="status" className="px-4 py-2 text-small text-mute">
          {error ? `The search failed: ${error.message}` : busy ? 'Searching…' : found(entries.length)}
        </p>
      </div>
    </Dialog>
  )
}

function found(count: number): string {
  return count === 0 ? 'Nothing has this in its name.' : `${count} found`
}

interface EntriesProps {
  list: string
  entries: PaletteEntry[]
  active: number
  onChoose: (entry: PaletteEntry) => void
}

function Entries({ list, entries, active, onChoose }: EntriesProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active, entries])
  const groups = [...new Set(entries.map((entry) => entry.group))]
  return (
    <div
      ref={box}
      id={list}
      role="listbox"
      aria-label="Results"
      className="h-[50dvh] overflow-y-auto border-b border-line py-1"
    >
      {groups.map((group) => (
        <div key={group} role="group" aria-label={group}>
          <div aria-hidden className="px-4 pt-2 pb-1 text-small text-mute">
            {group}
          </div>
          {entries.map(
            (entry, at) =>
              entry.group === group && (
                <Entry
                  key={entry.id}
                  id={`${list}-${at}`}
                  entry={entry}
                  selected={at === active}
                  onChoose={() => onChoose(entry)}
                />
              ),
          )}
        </div>
      ))}
    </div>
  )
}

interface EntryProps {
  id: string
  entry: PaletteEntry
  selected: boolean
  onChoose: () => void
}

function Entry({ id, entry, selected, onChoose }: EntryProps) {
  return (
    // The keyboard reaches it by aria-activedescendant of the text field.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-disabled={entry.reason !== undefined}
      onClick={onChoose}
      className={cx(
        'flex min-h-8 cursor-default items-center gap-2 px-4 max-md:min-h-11',
        selected ? 'bg-accent-bg text-accent' : 'hover:bg-raised',
        entry.reason && 'text-mute',
      )}
    >
      <span className="truncate">{entry.name}</span>
      {(entry.reason ?? entry.detail) && (
        <span className="min-w-0 truncate text-small text-mute">{entry.reason ?? entry.detail}</span>
      )}
      {entry.keys && (
        <span className="ml-auto">
          <Kbd>{entry.keys}</Kbd>
        </span>
      )}
    </div>
  )
}

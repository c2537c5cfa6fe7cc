// What can be done on the page one is on, for the command palette. Pages say it with useCommands; the list
// lives as long as they are shown.
import { useEffect, useRef, useSyncExternalStore } from 'react'

export interface Command {
  name: string
  keys?: string // as useHotkeys names them; only shown, the page listens itself
  reason?: string | undefined // why it cannot be done now
  run: () => void
}

interface Entry {
  current: Command[]
}

let entries: Entry[] = []
let version = 0
const listeners = new Set<() => void>()

function changed(next: Entry[]): void {
  entries = next
  version += 1
  for (const listener of listeners) listener()
}

export function useCommands(commands: Command[]): void {
  const entry = useRef(commands)
  useEffect(() => {
    entry.current = commands
  })
  useEffect(() => {
    changed([...entries, entry])
    return () => changed(entries.filter((each) => each !== entry))
  }, [])
}

// Read when the palette opens: names and reasons may have changed since the page registered them.
export function pageCommands(): Command[] {
  return entries.flatMap((entry) => entry.current)
}

export function usePageCommands(): Command[] {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => version,
  )
  return pageCommands()
}

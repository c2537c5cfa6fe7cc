// The editor's keys that also work while one types: save, undo, redo, next problem. One history serves
// fields, list and text, so these come before the browser's own undo inside the document.
import { useEffect, useRef } from 'react'

export interface EditorKeys {
  save: () => void
  undo: () => void
  redo: () => void
  nextProblem: (by: 1 | -1) => void
}

function wanted(event: KeyboardEvent): keyof EditorKeys | undefined {
  const held = (event.ctrlKey || event.metaKey) && !event.altKey
  const key = event.key.toLowerCase()
  if (held && key === 's' && !event.shiftKey) return 'save'
  if (held && key === 'z') return event.shiftKey ? 'redo' : 'undo'
  if (held && key === 'y' && !event.shiftKey) return 'redo'
  return event.key === 'F8' ? 'nextProblem' : undefined
}

// In a dialog the field's own undo counts, and what is open there is saved by its own button.
function inDialog(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null
}

export function useEditorKeys(keys: EditorKeys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const what = wanted(event)
      if (!what) return
      if (inDialog()) {
        if (what === 'save') event.preventDefault()
        return
      }
      event.preventDefault()
      event.stopPropagation()
      if (what === 'nextProblem') latest.current.nextProblem(event.shiftKey ? -1 : 1)
      else latest.current[what]()
    }
    window.addEventListener('keydown', listen, { capture: true })
    return () => window.removeEventListener('keydown', listen, { capture: true })
  }, [])
}

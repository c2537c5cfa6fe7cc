// Keyboard shortcuts. Single letters work outside inputs only; two-key sequences ("g r") have a second for
// the next.
import { useEffect, useRef } from 'react'

import { usePreferences } from '@/lib/preferences'

// An action that answers false leaves the key to others.
export type Hotkeys = Record<string, (event: KeyboardEvent) => unknown>

const kSequenceMs = 1000

// Also inside the code editor, whose shadow root hides the field from the event's target.
function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0] ?? event.target
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  )
}

// "Shift S", "Ctrl \", "?", "j", "["
export function keyName(event: KeyboardEvent): string {
  const held = event.ctrlKey || event.metaKey ? 'Ctrl ' : ''
  const letter = /^[a-zA-Z]$/.test(event.key)
  const shift = event.shiftKey && letter ? 'Shift ' : ''
  return (
    held + shift + (letter ? (event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase()) : event.key)
  )
}

// A key that prints something, alone or with Shift: people who speak to their machine turn these off (WCAG
// 2.1.4).
function isSingle(event: KeyboardEvent): boolean {
  return event.key.length === 1 && !event.ctrlKey && !event.metaKey
}

export function useHotkeys(keys: Hotkeys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    let before = ''
    let since = 0
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return
      const name = keyName(event)
      if (isTyping(event) && !name.startsWith('Ctrl ')) return
      if (isSingle(event) && !usePreferences.getState().singleKeys) return
      if (!name.startsWith('Ctrl ') && document.querySelector('[role="dialog"], [role="alertdialog"]')) return
      const sequence = event.timeStamp - since < kSequenceMs ? `${before} ${name}` : ''
      const action = latest.current[sequence] ?? latest.current[name]
      before = name
      since = event.timeStamp
      if (action && action(event) !== false) event.preventDefault()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}

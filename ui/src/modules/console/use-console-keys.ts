// The console's keys (see the key map): single letters anywhere on the page outside inputs, Ctrl A in the
// log.
import { type KeyboardEvent, type RefObject, useEffect } from 'react'

import { useHotkeys } from '@/lib/hotkeys'

export interface ConsoleActions {
  find: () => void
  follow: () => void
  toggleFollow: () => void
  toStart: () => void
  toggleWrap: () => void
  toggleWhole: () => void
  togglePlain: () => void
  leaveWhole: (() => void) | undefined
  toHit: (by: 1 | -1) => void
  errors: (by: 1 | -1) => void
  copyText: () => void
  copyLink: () => void
  selectAll: () => void
}

export function useConsoleKeys(actions: ConsoleActions, input: RefObject<HTMLInputElement | null>) {
  useHotkeys({
    'Shift G': actions.follow,
    'Shift F': actions.toggleFollow,
    'g g': actions.toStart,
    '/': actions.find,
    n: () => actions.toHit(1),
    'Shift N': () => actions.toHit(-1),
    e: () => actions.errors(1),
    'Shift E': () => actions.errors(-1),
    w: actions.toggleWrap,
    y: actions.copyText,
    'Shift Y': actions.copyLink,
    z: actions.toggleWhole,
    ...(actions.leaveWhole && { Escape: actions.leaveWhole }),
  })
  useCtrlF(actions.find, input)
  return (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key !== 'a') return
    event.preventDefault()
    actions.selectAll()
  }
}

// Pressed where the find box has the focus already, it is the browser's own find.
function useCtrlF(find: () => void, input: RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      const pressed =
        (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key === 'f'
      if (!pressed || event.defaultPrevented || document.activeElement === input.current) return
      if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return
      event.preventDefault()
      find()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  })
}

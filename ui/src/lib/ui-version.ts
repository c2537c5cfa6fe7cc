// Notices that the controller now serves another UI than the one this page was loaded with: every answer
// carries X-UI-Version, and the first one a page sees is its own.
import { useSyncExternalStore } from 'react'

let own: string | undefined
let stale = false
const listeners = new Set<() => void>()

export function sawUiVersion(version: string | undefined): void {
  if (!version) return
  own ??= version
  if (version === own || stale) return
  stale = true
  for (const listener of listeners) listener()
}

export function useUiIsStale(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => stale,
  )
}

export function uiVersion(): string | undefined {
  return own
}

// The page's LiveSocket, wired to the browser, and hooks to watch it.
import { useEffect, useSyncExternalStore } from 'react'

import { api, toApiError } from '@/lib/api-client'
import { type Connection, LiveSocket, type Topic } from '@/lib/live-socket'

let reachable = true
const reachableListeners = new Set<() => void>()

function setReachable(value: boolean): void {
  if (reachable === value) return
  reachable = value
  for (const listener of reachableListeners) listener()
}

// A refused handshake tells a page nothing; the same question over REST tells whether the session ended
// (which the API client reports) or the controller is away.
function lookAtSession(): void {
  api.get('me').then(
    () => setReachable(true),
    (error: unknown) => setReachable(toApiError(error).status !== 0),
  )
}

export const live = new LiveSocket({
  open: () => {
    const url = new URL('/live', window.location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    return new WebSocket(url)
  },
  now: () => Date.now(),
  random: () => Math.random(),
  later: (action, milliseconds) => {
    const timer = setTimeout(action, milliseconds)
    return () => clearTimeout(timer)
  },
  failed: lookAtSession,
})

live.listen(() => {
  if (live.connection().phase === 'live') setReachable(true)
})

export function useConnection(): Connection & { reachable: boolean } {
  const connection = useSyncExternalStore(live.listen, live.connection)
  return { ...connection, reachable: useReachable() }
}

// Whether the controller answers requests, as far as is known.
export function useReachable(): boolean {
  return useSyncExternalStore(
    (listener) => {
      reachableListeners.add(listener)
      return () => reachableListeners.delete(listener)
    },
    () => reachable,
  )
}

export function useTopic(topic: Topic): void {
  useEffect(() => live.add(topic), [topic])
}

// The store of the view that is looked at, and what of it is shown outside of the rows.
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'

import type { ConsoleProps } from '@/modules/console/console-props'
import { LogStore } from '@/modules/console/log-store'
import { restOutput } from '@/modules/console/output-rest'

const kSampleMs = 250

export function useLog({ execution, step, live, host, stream }: ConsoleProps) {
  const agent = host?.agent
  const source = useMemo(() => restOutput(execution, step, live), [execution, step, live])
  const store = useMemo(() => new LogStore(source, { agent, stream }), [source, agent, stream])
  useEffect(() => {
    store.start()
    return () => store.stop()
  }, [store])
  return { source, store }
}

// Something of the store that changes with every frame, shown a few times a second.
export function useSampled<T>(store: LogStore, read: () => T): T {
  const shown = useRef<{ text: string; value: T } | undefined>(undefined)
  const sample = () => {
    const value = read()
    const text = JSON.stringify(value)
    if (shown.current?.text !== text) shown.current = { text, value }
    return shown.current.value
  }
  const subscribe = useMemo(
    () => (listener: () => void) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const stop = store.listen(() => {
        timer ??= setTimeout(() => {
          timer = undefined
          listener()
        }, kSampleMs)
      })
      return () => {
        clearTimeout(timer)
        stop()
      }
    },
    [store],
  )
  return useSyncExternalStore(subscribe, sample)
}

// Whether the store has been described yet; told at once.
export function usePhase(store: LogStore): LogStore['phase'] {
  return useSyncExternalStore(
    (listener) => store.listen(listener),
    () => store.phase,
  )
}

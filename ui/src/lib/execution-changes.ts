// The executions topic for lists that do not patch rows themselves: what changed is read again, at most once
// a second however many executions change.
import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'

import { useTopic } from '@/lib/live'
import type { Topic } from '@/lib/live-socket'

const kRefreshMs = 1_000

// `keys` must be the same array on every render. The first change is read at once, those right after it
// together.
export function useExecutionChanges(keys: readonly QueryKey[]): void {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const again = useRef(false)
  useEffect(() => () => clearTimeout(timer.current), [])
  const topic = useMemo<Topic>(() => {
    const refresh = () => {
      again.current = false
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey })
      timer.current = setTimeout(() => {
        timer.current = undefined
        if (again.current) refresh()
      }, kRefreshMs)
    }
    return {
      subscribe: () => ({ sub: { executions: true } }),
      unsubscribe: () => ({ unsub: { executions: true } }),
      onEvent: (event) => {
        if (event.event !== 'execution') return
        if (timer.current === undefined) refresh()
        else again.current = true
      },
    }
  }, [queries, keys])
  useTopic(topic)
}

// Reads queries again when something changed: at once, and then at most once a second however much changes.
import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'

const kPauseMs = 1_000

// `keys` must be the same array on every render.
export function useRefresh(keys: readonly QueryKey[]): () => void {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const again = useRef(false)
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [],
  )
  return useCallback(() => {
    const refresh = () => {
      again.current = false
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey })
      timer.current = setTimeout(() => {
        timer.current = undefined
        if (again.current) refresh()
      }, kPauseMs)
    }
    if (timer.current === undefined) refresh()
    else again.current = true
  }, [queries, keys])
}

// The lines that match what is looked for, kept up with the output.
import { useEffect, useState } from 'react'

import { type FindQuery, isEmpty } from '@/modules/console/find-query'
import { Hits } from '@/modules/console/hits'
import type { LogStore } from '@/modules/console/log-store'
import type { OutputSource } from '@/modules/console/output-source'

const kMoreMs = 300

// `version` grows when something about the hits changed.
export function useHits(store: LogStore, source: OutputSource, query: FindQuery) {
  const [state, setState] = useState<{ hits: Hits | undefined; version: number }>({
    hits: undefined,
    version: 0,
  })
  useEffect(() => {
    if (isEmpty(query)) return
    let alive = true
    const hits: Hits = new Hits(store, source, query, () => {
      if (alive) setState((old) => ({ hits, version: old.version + 1 }))
    })
    let timer: ReturnType<typeof setTimeout> | undefined
    const update = () => {
      timer = undefined
      hits.update()
    }
    timer = setTimeout(update)
    const stop = store.listen(() => {
      timer ??= setTimeout(update, kMoreMs)
    })
    return () => {
      alive = false
      clearTimeout(timer)
      stop()
      hits.stop()
      setState((old) => ({ hits: undefined, version: old.version + 1 }))
    }
  }, [store, source, query])
  return state
}

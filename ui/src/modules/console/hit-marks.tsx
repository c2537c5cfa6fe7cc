// Where the hits are, along the scroll bar.
import { useEffect, useRef } from 'react'

import type { LogStore } from '@/modules/console/log-store'
import type { useFind } from '@/modules/console/use-find'

const kTickPx = 2
const kColour = '#ffb84d'

interface Props {
  find: ReturnType<typeof useFind>
  store: LogStore
  filtered: boolean
}

export function HitMarks({ find, store, filtered }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { hits, version } = find
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context) return
    element.height = element.clientHeight
    element.width = element.clientWidth
    context.clearRect(0, 0, element.width, element.height)
    if (!hits || filtered) return
    context.fillStyle = kColour
    const scale = (element.height - kTickPx) / Math.max(1, store.rows)
    let last = -1
    for (const row of hits.rows()) {
      const at = Math.round(row * scale)
      if (at !== last) context.fillRect(0, at, element.width, kTickPx)
      last = at
    }
  }, [hits, version, store, filtered])
  return <canvas ref={canvas} aria-hidden className="console-hits" />
}

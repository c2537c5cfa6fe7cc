// Dragging a block by its handle. Buttons and Alt with the arrow keys do the same.
import {
  type Edge,
  attachClosestEdge,
  extractClosestEdge,
} from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { type RefObject, useEffect, useState } from 'react'

const kKind = 'runbook-block'

interface Row {
  row: RefObject<HTMLElement | null>
  handle: RefObject<HTMLElement | null>
}

// The edge of this row at which a dragged block would land.
export function useBlockDrag(key: string, { row, handle }: Row, locked: boolean): Edge | undefined {
  const [edge, setEdge] = useState<Edge>()
  useEffect(() => {
    const element = row.current
    const grip = handle.current
    if (!element || !grip || locked) return
    return combine(
      draggable({ element, dragHandle: grip, getInitialData: () => ({ kind: kKind, key }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data['kind'] === kKind,
        getData: ({ input }) =>
          attachClosestEdge({ key }, { element, input, allowedEdges: ['top', 'bottom'] }),
        onDrag: ({ self, source }) =>
          setEdge(source.data['key'] === key ? undefined : (extractClosestEdge(self.data) ?? undefined)),
        onDragLeave: () => setEdge(undefined),
        onDrop: () => setEdge(undefined),
      }),
    )
  }, [key, row, handle, locked])
  return edge
}

// Tells where a block was dropped: before or after another one.
export function useBlockDrop(onDrop: (key: string, target: string, edge: Edge) => void): void {
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => source.data['kind'] === kKind,
        onDrop: ({ source, location }) => {
          const target = location.current.dropTargets[0]
          const edge = target && extractClosestEdge(target.data)
          const key = source.data['key']
          const over = target?.data['key']
          if (edge && typeof key === 'string' && typeof over === 'string' && key !== over)
            onDrop(key, over, edge)
        },
      }),
    [onDrop],
  )
}

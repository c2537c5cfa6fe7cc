// The hosts of a step, a cell each. One tab stop: arrows (and h j k l) move, Enter selects the host, Space
// chooses it for what can be done with several. Only cells in view are in the page.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

import { TooltipArea } from '@/components/tooltip'
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import { type CellEvents, HostCell } from '@/features/executions/host-cell'
import { shortNames } from '@/features/executions/host-list'
import { hostTip } from '@/features/executions/host-words'
import { useFeed } from '@/features/executions/use-live-execution'
import { gridRows, useBox } from '@/features/executions/virtual-grid'
import { useNow } from '@/lib/use-now'

const kGapPx = 4
const kCellPx = 24
const kTouchPx = 44
const kCellFrame = 31
const kLetter = 6.7
const touch = window.matchMedia('(max-width: 767px)')

interface Props extends CellEvents {
  feed: ExecutionFeed
  step: string
  order: string[] // agents
  selected: string | undefined
  chosen: ReadonlySet<string>
}

export function HostMatrix({ feed, step, order, selected, chosen, onSelect, onToggle }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const rowPx = (touch.matches ? kTouchPx : kCellPx) + kGapPx
  const box = useBox(scroller, rowPx)
  const hosts = feed.state().hosts[step] ?? {}
  const known = order.flatMap((agent) => hosts[agent] ?? [])
  const short = shortNames(known)
  const longest = known.reduce((most, host) => Math.max(most, short(host.host).length), 0)
  // Wide enough for the longest name, within reason.
  const cellPx = Math.ceil(Math.min(220, Math.max(72, kCellFrame + longest * kLetter)))
  const { columns, rows, first, end } = gridRows(order.length, cellPx, rowPx, kGapPx, box)
  const { active, setActive, pressed } = useMoving(order, columns, rowPx, scroller)
  const inView = order.slice(first * columns, end * columns)
  const stop = [active, selected].find((agent) => agent !== undefined && inView.includes(agent)) ?? inView[0]

  return (
    <TooltipArea describe={(agent) => <Tip feed={feed} step={step} agent={agent} />}>
      <div
        ref={scroller}
        role="grid"
        tabIndex={-1}
        aria-label="Hosts; Enter shows the output of one alone"
        aria-rowcount={rows}
        aria-multiselectable
        onKeyDown={pressed}
        className="relative max-h-[140px] overflow-y-auto p-0.5 max-md:max-h-[60dvh]"
      >
        <div role="presentation" style={{ height: rows * rowPx - kGapPx }} className="relative">
          {Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at).map((row) => (
            <div
              key={row}
              role="row"
              aria-rowindex={row + 1}
              style={{ top: row * rowPx, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
              className="absolute inset-x-0 grid gap-1"
            >
              {order.slice(row * columns, (row + 1) * columns).map((agent) => (
                <HostCell
                  key={agent}
                  {...{ feed, step, agent, onSelect, onToggle }}
                  name={short(hosts[agent]?.host ?? '')}
                  selected={agent === selected}
                  chosen={chosen.has(agent)}
                  tabStop={agent === stop}
                  onFocus={setActive}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
    </TooltipArea>
  )
}

function useMoving(
  order: string[],
  columns: number,
  rowPx: number,
  scroller: React.RefObject<HTMLDivElement | null>,
) {
  const [active, setActive] = useState<string>()
  const wanted = useRef<string>(undefined)
  // The cell may only be drawn after the scroll.
  useEffect(() => {
    const cell =
      wanted.current && scroller.current?.querySelector<HTMLElement>(`[data-tip="${wanted.current}"]`)
    if (!cell) return
    wanted.current = undefined
    cell.focus({ preventScroll: true })
  })
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const by = stepOf(event.key, columns)
    const at = order.indexOf((event.target as HTMLElement).dataset['tip'] ?? '')
    if (at < 0 || by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const next = Math.max(0, Math.min(order.length - 1, at + by))
    wanted.current = order[next]
    setActive(order[next])
    reveal(scroller.current, Math.floor(next / columns) * rowPx, rowPx)
  }
  return { active, setActive, pressed }
}

function stepOf(key: string, columns: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowRight: 1,
    l: 1,
    ArrowLeft: -1,
    h: -1,
    ArrowDown: columns,
    j: columns,
    ArrowUp: -columns,
    k: -columns,
    Home: -Infinity,
    End: Infinity,
  }
  return steps[key]
}

function reveal(element: HTMLElement | null, topPx: number, rowPx: number): void {
  if (!element) return
  if (topPx < element.scrollTop) element.scrollTop = topPx
  else if (topPx + rowPx > element.scrollTop + element.clientHeight)
    element.scrollTop = topPx + rowPx - element.clientHeight
}

function Tip({ feed, step, agent }: { feed: ExecutionFeed; step: string; agent: string }) {
  const host = useFeed(feed, (state) => state.hosts[step]?.[agent])
  const now = useNow()
  if (!host) return null
  const [name, ...facts] = hostTip(host, now)
  return (
    <>
      <p className="font-mono font-semibold break-all">{name}</p>
      {facts.map((fact) => (
        <p key={fact} className="text-mute">
          {fact}
        </p>
      ))}
    </>
  )
}

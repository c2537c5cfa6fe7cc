// The hosts of a step as a table: every column sorts, rows watch their own host, and only those in view are
// in the page.
import { ArrowDown, ArrowUp } from 'lucide-react'
import { memo } from 'react'

import { cx } from '@/components/class-names'
import { useRowWindow } from '@/components/row-window'
import { StatusText } from '@/components/status'
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import type { CellEvents } from '@/features/executions/host-cell'
import type { HostColumn, Sorting } from '@/features/executions/host-list'
import { exitText, hostDuration, reasonText, shownStatus } from '@/features/executions/host-words'
import { useFeed } from '@/features/executions/use-live-execution'
import { bytes } from '@/lib/format'
import { useNow } from '@/lib/use-now'

const kManyRows = 60

const kColumns: [HostColumn, string, string][] = [
  ['host', 'Host', ''],
  ['status', 'State', 'w-44'],
  ['exit', 'Exit', 'w-24'],
  ['duration', 'Duration', 'w-24'],
  ['bytes', 'Output', 'w-24'],
]

interface Props extends CellEvents {
  feed: ExecutionFeed
  step: string
  order: string[]
  selected: string | undefined
  chosen: ReadonlySet<string>
  sorting: Sorting
  onSort: (sorting: Sorting) => void
}

export function HostTable({
  feed,
  step,
  order,
  selected,
  chosen,
  sorting,
  onSort,
  onSelect,
  onToggle,
}: Props) {
  const windowed = order.length > kManyRows
  const { attach, first, end, abovePx, belowPx } = useRowWindow(order.length, windowed)
  return (
    <div
      ref={attach}
      className="max-h-64 overflow-auto rounded-lg border border-line bg-surface max-md:max-h-[60dvh]"
    >
      <table aria-label="Hosts" aria-rowcount={order.length + 1} className="w-full text-left md:table-fixed">
        <thead className="sticky top-0 z-10 bg-surface">
          <tr className="border-b border-line text-small text-mute">
            <th scope="col" className="w-9">
              <span className="sr-only">Chosen</span>
            </th>
            {kColumns.map(([column, name, className]) => (
              <th
                key={column}
                scope="col"
                aria-sort={sorting.by === column ? (sorting.down ? 'descending' : 'ascending') : 'none'}
                className={className}
              >
                <SortButton {...{ column, name, sorting, onSort }} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {abovePx > 0 && <Spacer px={abovePx} />}
          {order.slice(first, end).map((agent, at) => (
            <Row
              key={agent}
              {...{ feed, step, agent, onSelect, onToggle }}
              index={first + at}
              selected={agent === selected}
              chosen={chosen.has(agent)}
            />
          ))}
          {belowPx > 0 && <Spacer px={belowPx} />}
        </tbody>
      </table>
    </div>
  )
}

function Spacer({ px }: { px: number }) {
  return (
    <tr aria-hidden>
      <td className="p-0" style={{ height: px }} />
    </tr>
  )
}

interface SortProps {
  column: HostColumn
  name: string
  sorting: Sorting
  onSort: (sorting: Sorting) => void
}

function SortButton({ column, name, sorting, onSort }: SortProps) {
  const here = sorting.by === column
  const Arrow = sorting.down ? ArrowDown : ArrowUp
  return (
    <button
      type="button"
      onClick={() => onSort({ by: column, down: here && !sorting.down })}
      className="flex h-8 w-full items-center gap-1 px-3 font-medium hover:text-fg max-md:h-11"
    >
      {name}
      {here && <Arrow aria-hidden size={13} />}
    </button>
  )
}

interface RowProps extends CellEvents {
  feed: ExecutionFeed
  step: string
  agent: string
  index: number
  selected: boolean
  chosen: boolean
}

const Row = memo(function Row({ feed, step, agent, index, selected, chosen, onSelect, onToggle }: RowProps) {
  const host = useFeed(feed, (state) => state.hosts[step]?.[agent])
  const now = useNow()
  if (!host) return null
  return (
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={cx('border-b border-line last:border-0', selected ? 'bg-accent-bg' : 'hover:bg-raised')}
    >
      <td className="pl-3">
        <input
          type="checkbox"
          aria-label={`Choose ${host.host}`}
          checked={chosen}
          onChange={() => onToggle(agent)}
          className="size-4 align-middle accent-accent max-md:size-6"
        />
      </td>
      <td className="h-8 px-3">
        <button
          type="button"
          onClick={() => onSelect(selected ? undefined : agent)}
          className={cx(
            'min-h-6 max-w-full truncate rounded-sm font-mono text-small hover:text-accent',
            'max-md:min-h-11',
          )}
        >
          {host.host}
        </button>
      </td>
      <td className="px-3" title={reasonText(host) || undefined}>
        <StatusText status={shownStatus(host)} />
      </td>
      <td className="tabular px-3 text-mute">{exitText(host)}</td>
      <td className="tabular px-3 text-mute">{hostDuration(host, now)}</td>
      <td className="tabular px-3 text-mute">{host.output_bytes > 0 ? bytes(host.output_bytes) : ''}</td>
    </tr>
  )
})

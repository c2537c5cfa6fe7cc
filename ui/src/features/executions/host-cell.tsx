// One host: icon and short name. It watches its own host, so that a change draws one cell.
import { memo } from 'react'

import { cx } from '@/components/class-names'
import { StatusIcon, isProblem, statusLook } from '@/components/status'
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import { hostDescription, shownStatus } from '@/features/executions/host-words'
import { useFeed } from '@/features/executions/use-live-execution'

export interface CellEvents {
  onSelect: (agent: string | undefined) => void
  onToggle: (agent: string) => void
}

interface Props extends CellEvents {
  feed: ExecutionFeed
  step: string
  agent: string
  name: string
  selected: boolean
  chosen: boolean
  tabStop: boolean
  onFocus: (agent: string) => void
}

export const HostCell = memo(function HostCell(props: Props) {
  const { feed, step, agent, name, selected, chosen, tabStop, onFocus, onSelect, onToggle } = props
  const host = useFeed(feed, (state) => state.hosts[step]?.[agent])
  if (!host) return null
  const select = () => onSelect(selected ? undefined : agent)
  const loud = isProblem(host.status) || host.status === 'running'
  return (
    <div
      role="gridcell"
      data-tip={agent}
      aria-selected={selected}
      aria-label={hostDescription(host) + (chosen ? ', chosen' : '')}
      tabIndex={tabStop ? 0 : -1}
      onFocus={() => onFocus(agent)}
      onClick={(event) => (event.ctrlKey || event.metaKey || event.shiftKey ? onToggle(agent) : select())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') select()
        else if (event.key === ' ' || event.key === 'x') onToggle(agent)
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
      className={cx(
        'flex h-6 cursor-pointer items-center gap-1.5 rounded-sm border px-1.5 select-none',
        'font-mono text-[11px]/[16px] max-md:h-11',
        loud
          ? cx('border-current font-semibold', statusLook(shownStatus(host)).colour)
          : 'border-line text-mute',
        chosen && 'bg-raised underline decoration-2 underline-offset-2',
        selected && 'bg-accent-bg outline-2 -outline-offset-1 outline-accent',
      )}
    >
      <StatusIcon status={shownStatus(host)} size={12} />
      <span className="truncate">{name}</span>
    </div>
  )
})

// The hosts of a step: counts by state that filter, and a cell each. One tab stop; arrows move, Enter
// selects.
import { type KeyboardEvent, memo, useRef, useState } from 'react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { StatusIcon, StatusText, isProblem, statusLook, statusWord } from '@/components/status'
import { fetchAllHosts } from '@/features/executions/api'
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import { type Hosts, hostTotal } from '@/features/executions/live-execution'
import { useFeed } from '@/features/executions/use-live-execution'
import { count, counted } from '@/lib/format'
import type { Step, StepHost } from '@/lib/model'
import { between, duration } from '@/lib/time'

const kNone: Hosts = {}

interface Props {
  feed: ExecutionFeed
  step: Step
  number: number
  selected: string | undefined
  onSelect: (agent: string | undefined) => void
}

export function HostMatrix({ feed, step, number, selected, onSelect }: Props) {
  const hosts = useFeed(feed, (state) => state.hosts[step.id] ?? kNone)
  const [state, setState] = useState<string>()
  const total = hostTotal(step)
  const all = Object.values(hosts)
  const shown = state && step.host_counts[state] ? all.filter((host) => host.status === state) : all
  const loadAll = async () => feed.loaded(step.id, await fetchAllHosts(feed.id, step.id))
  if (total === 0) return null
  return (
    <section aria-label={`Hosts of step ${number}`} className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-semibold">
          Step {number} {total === 1 ? 'host' : 'hosts'}
        </h2>
        {Object.entries(step.host_counts).map(([each, hostsThere]) => (
          <button
            key={each}
            type="button"
            aria-pressed={state === each}
            onClick={() => setState(state === each ? undefined : each)}
            className={cx(
              'h-7 rounded-md border px-1.5 hover:bg-raised max-md:h-11',
              state === each ? 'border-line2 bg-raised' : 'border-transparent',
            )}
          >
            <StatusText status={each}>{`${count(hostsThere)} ${statusWord(each).toLowerCase()}`}</StatusText>
          </button>
        ))}
        {all.length < total && (
          <Button kind="quiet" onClick={() => void loadAll()}>
            Show all {counted(total, 'host')}
          </Button>
        )}
      </div>
      <Cells hosts={shown} selected={selected} onSelect={onSelect} />
    </section>
  )
}

interface CellsProps {
  hosts: StepHost[]
  selected: string | undefined
  onSelect: (agent: string | undefined) => void
}

function Cells({ hosts, selected, onSelect }: CellsProps) {
  const list = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<string>()
  const tabStop = hosts.some((host) => host.agent_id === active) ? active : (selected ?? hosts[0]?.agent_id)

  const move = (event: KeyboardEvent) => {
    const cells = [...(list.current?.querySelectorAll<HTMLElement>('[role=option]') ?? [])]
    const at = cells.indexOf(document.activeElement as HTMLElement)
    const top = cells[0]?.offsetTop
    const columns = Math.max(1, cells.filter((cell) => cell.offsetTop === top).length)
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
    }
    const step = { ...steps, l: 1, h: -1 }[event.key]
    const next = step === undefined ? { Home: 0, End: cells.length - 1 }[event.key] : at + step
    if (next === undefined || at < 0) return
    event.preventDefault()
    cells[Math.max(0, Math.min(cells.length - 1, next))]?.focus()
  }

  return (
    <div
      ref={list}
      role="listbox"
      tabIndex={-1}
      aria-label="Hosts; choose one to see its output alone"
      onKeyDown={move}
      style={{ gridTemplateColumns: `repeat(auto-fill, minmax(${cellWidth(hosts)}px, 1fr))` }}
      className="grid gap-1 overflow-y-auto md:max-h-48 p-0.5"
    >
      {hosts.map((host) => (
        <Cell
          key={host.agent_id}
          host={host}
          selected={host.agent_id === selected}
          tabStop={host.agent_id === tabStop}
          onFocus={setActive}
          onSelect={onSelect}
        />
      ))}
    </div>
  )
}

const kCellFrame = 34
const kLetter = 6.7

// Wide enough for the longest name, within reason.
function cellWidth(hosts: StepHost[]): number {
  const longest = hosts.reduce((most, host) => Math.max(most, host.host.length), 0)
  return Math.ceil(Math.min(220, Math.max(72, kCellFrame + longest * kLetter)))
}

interface CellProps {
  host: StepHost
  selected: boolean
  tabStop: boolean
  onFocus: (agent: string) => void
  onSelect: (agent: string | undefined) => void
}

export function hostDescription(host: StepHost): string {
  const parts = [host.host, statusWord(host.status)]
  if (host.exit_code !== null) parts.push(`exit ${host.exit_code}`)
  if (host.signal !== null) parts.push(`signal ${host.signal}`)
  const passed = between(host.start_time, host.end_time, 0)
  if (host.end_time && passed !== undefined) parts.push(duration(passed))
  if (host.reason) parts.push(host.reason)
  return parts.join(', ')
}

// Drawn again only when its own host changed.
const Cell = memo(function Cell({ host, selected, tabStop, onFocus, onSelect }: CellProps) {
  const choose = () => onSelect(selected ? undefined : host.agent_id)
  const loud = isProblem(host.status) || host.status === 'running'
  const description = hostDescription(host)
  return (
    <div
      role="option"
      aria-selected={selected}
      aria-label={description}
      title={description}
      tabIndex={tabStop ? 0 : -1}
      onFocus={() => onFocus(host.agent_id)}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        choose()
      }}
      className={cx(
        'flex h-6 cursor-pointer items-center gap-1.5 rounded-sm border px-1.5 ',
        'font-mono text-[11px]/[16px] max-md:h-11',
        loud ? cx('border-current', statusLook(host.status).colour) : 'border-line text-mute',
        selected && 'bg-accent-bg outline-2 outline-accent',
      )}
    >
      <StatusIcon status={host.status} size={12} />
      <span className="truncate">{host.host}</span>
    </div>
  )
})

// How many hosts are in each state; each number is a filter.
import { cx } from '@/components/class-names'
import { StatusIcon, statusWord } from '@/components/status'
import { type HostState, hostStates } from '@/features/hosts/host-filter'
import { count } from '@/lib/format'
import type { AgentCounts } from '@/lib/model'

interface Props {
  counts: AgentCounts | undefined
  value: HostState | ''
  onChange: (state: HostState | '') => void
}

export function StateFilter({ counts, value, onChange }: Props) {
  const all = counts && counts.online + counts.offline + counts.draining + counts.revoked
  return (
    <div role="group" aria-label="Filter by state" className="flex flex-wrap gap-1">
      <State name="All" number={all} chosen={value === ''} onChoose={() => onChange('')} />
      {hostStates.map((state) => (
        <State
          key={state}
          status={state}
          name={statusWord(state)}
          number={counts?.[state]}
          chosen={state === value}
          onChoose={() => onChange(state === value ? '' : state)}
        />
      ))}
    </div>
  )
}

interface StateProps {
  status?: HostState
  name: string
  number: number | undefined
  chosen: boolean
  onChoose: () => void
}

function State({ status, name, number, chosen, onChoose }: StateProps) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className={cx(
        'inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-small max-md:h-11',
        chosen ? 'bg-accent-bg font-semibold text-accent' : 'text-mute hover:bg-raised hover:text-fg',
      )}
    >
      {status && <StatusIcon status={status} size={14} />}
      {name}
      <span className="tabular font-semibold">{number === undefined ? '–' : count(number)}</span>
    </button>
  )
}

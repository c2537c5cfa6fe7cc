// The filters of the list: text, states, who, which runbook, and days here or in UTC.
import { Button } from '@/components/button'
import { Choice } from '@/components/choice'
import { cx } from '@/components/class-names'
import { controlClass } from '@/components/field'
import { SearchBox } from '@/components/search-box'
import { StatusText } from '@/components/status'
import { type Filter, isFiltered, kStates } from '@/features/executions/executions-filter'
import { useRunbookNames } from '@/features/executions/list-api'
import type { ExecutionStatus } from '@/lib/model'

interface Props {
  filter: Filter
  onChange: (changes: Partial<Filter>) => void
}

const kNone: Omit<Filter, 'utc'> = { status: [], runbook: '', mine: false, text: '', since: '', until: '' }

const kWho = [
  { value: 'anyone', label: 'Anyone' },
  { value: 'me', label: 'Started by me' },
] as const

const kZones = [
  { value: 'local', label: 'Local' },
  { value: 'utc', label: 'UTC' },
] as const

export function FilterBar({ filter, onChange }: Props) {
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <SearchBox
          label="Title or reason"
          value={filter.text}
          onChange={(text) => onChange({ text })}
          className="w-64 max-md:w-full"
        />
        <Choice
          label="Who started it"
          options={kWho}
          value={filter.mine ? 'me' : 'anyone'}
          onChange={(who) => onChange({ mine: who === 'me' })}
        />
        <RunbookSelect value={filter.runbook} onChange={(runbook) => onChange({ runbook })} />
        <Day label="From" value={filter.since} onChange={(since) => onChange({ since })} />
        <Day label="To" value={filter.until} onChange={(until) => onChange({ until })} />
        <Choice
          label="Where days begin"
          options={kZones}
          value={filter.utc ? 'utc' : 'local'}
          onChange={(zone) => onChange({ utc: zone === 'utc' })}
        />
        {isFiltered(filter) && (
          <Button kind="quiet" onClick={() => onChange(kNone)}>
            Clear filters
          </Button>
        )}
      </div>
      <States chosen={filter.status} onChange={(status) => onChange({ status })} />
    </div>
  )
}

interface StatesProps {
  chosen: ExecutionStatus[]
  onChange: (states: ExecutionStatus[]) => void
}

function States({ chosen, onChange }: StatesProps) {
  const toggled = (state: ExecutionStatus) =>
    chosen.includes(state) ? chosen.filter((each) => each !== state) : [...chosen, state]
  return (
    <div role="group" aria-label="States" className="flex flex-wrap gap-1">
      {kStates.map((state) => (
        <button
          key={state}
          type="button"
          aria-pressed={chosen.includes(state)}
          onClick={() => onChange(toggled(state))}
          className={cx(
            'h-7 rounded-md border px-2 hover:bg-raised max-md:h-11',
            chosen.includes(state) ? 'border-line2 bg-raised' : 'border-line',
          )}
        >
          <StatusText status={state} />
        </button>
      ))}
    </div>
  )
}

function RunbookSelect({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const runbooks = useRunbookNames().data?.items ?? []
  return (
    <select
      aria-label="Runbook"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={cx(controlClass, 'h-7 w-44 max-md:h-11 max-md:w-full')}
    >
      <option value="">Every runbook</option>
      {value && !runbooks.some((each) => each.id === value) && <option value={value}>One runbook</option>}
      {runbooks.map((each) => (
        <option key={each.id} value={each.id}>
          {each.title}
        </option>
      ))}
    </select>
  )
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (day: string) => void }) {
  return (
    <label className="flex items-center gap-1.5 text-mute">
      {label}
      <input
        type="date"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={cx(controlClass, 'h-7 w-34 max-md:h-11 max-md:w-40')}
      />
    </label>
  )
}

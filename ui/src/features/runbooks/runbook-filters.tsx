// The filters of the list, kept in its address: text, labels, owner and the last result.
import { useMemo } from 'react'
import { useSearchParams } from 'react-router'

import { Button } from '@/components/button'
import { SearchBox } from '@/components/search-box'
import { controlClass } from '@/components/field'
import { statusWord } from '@/components/status'
import { type RunbookFilter, kNoFilter, useRunbooks } from '@/features/runbooks/api'
import { selectorFault } from '@/lib/selector'
import { useMe } from '@/lib/use-me'

const kResults = [
  'completed',
  'failed',
  'stopped',
  'running',
  'awaiting_approval',
  'awaiting_input',
  'paused',
  'pending',
]

export function useRunbookFilter() {
  const [search, setSearch] = useSearchParams()
  const filter: RunbookFilter = {
    q: search.get('q') ?? '',
    selector: search.get('selector') ?? '',
    owner: search.get('owner') ?? '',
    last: search.get('last') ?? '',
  }
  const set = (more: Partial<RunbookFilter>) => {
    const next = Object.entries({ ...filter, ...more }).filter(([, value]) => value !== '')
    setSearch(Object.fromEntries(next) as Record<string, string>, { replace: true })
  }
  return { filter, set, clear: () => set(kNoFilter), isFiltered: Object.values(filter).some(Boolean) }
}

interface Props {
  filter: RunbookFilter
  onChange: (more: Partial<RunbookFilter>) => void
  onClear: () => void
  filtered: boolean
}

export function RunbookFilters({ filter, onChange, onClear, filtered }: Props) {
  const fault = selectorFault(filter.selector)
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchBox
        label="Search title, text, labels, commands"
        value={filter.q}
        onChange={(q) => onChange({ q })}
        className="w-72 max-md:w-full"
      />
      <SelectorBox value={filter.selector} fault={fault} onChange={(selector) => onChange({ selector })} />
      <Owner value={filter.owner} onChange={(owner) => onChange({ owner })} />
      <select
        aria-label="Last result"
        value={filter.last}
        onChange={(event) => onChange({ last: event.target.value })}
        className={`${controlClass} h-7 w-44 max-md:h-11`}
      >
        <option value="">Every last result</option>
        {kResults.map((status) => (
          <option key={status} value={status}>
            {statusWord(status)}
          </option>
        ))}
      </select>
      {filtered && (
        <Button kind="quiet" onClick={onClear}>
          Clear filters
        </Button>
      )}
    </div>
  )
}

interface SelectorProps {
  value: string
  fault: string | undefined
  onChange: (value: string) => void
}

// Taken over at Enter or on leaving: half of a requirement is not one yet.
function SelectorBox({ value, fault, onChange }: SelectorProps) {
  return (
    <span className="inline-flex items-center gap-2 max-md:w-full">
      <input
        key={value}
        aria-label="Labels"
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault ? 'selector-fault' : undefined}
        placeholder="Labels, such as kind=triage"
        defaultValue={value}
        spellCheck={false}
        autoComplete="off"
        onBlur={(event) => onChange(event.target.value.trim())}
        onKeyDown={(event) => event.key === 'Enter' && onChange(event.currentTarget.value.trim())}
        className={`${controlClass} h-7 w-56 font-mono text-small max-md:h-11 max-md:w-full`}
      />
      {fault && (
        <span id="selector-fault" className="text-small text-failed">
          {fault}
        </span>
      )}
    </span>
  )
}

function Owner({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const me = useMe().data
  const all = useRunbooks(kNoFilter).data
  const owners = useMemo(() => {
    const items = all?.pages.flatMap((page) => page.items) ?? []
    const found = new Map(items.map((item) => [item.created_by, item.created_by_name]))
    if (me) found.set(me.id, me.name)
    return [...found].sort(([, a], [, b]) => a.localeCompare(b))
  }, [all, me])
  return (
    <select
      aria-label="Owner"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={`${controlClass} h-7 w-40 max-md:h-11`}
    >
      <option value="">Every owner</option>
      {value && !owners.some(([id]) => id === value) && <option value={value}>{value}</option>}
      {owners.map(([id, name]) => (
        <option key={id} value={id}>
          {id === me?.id ? `${name} (me)` : name}
        </option>
      ))}
    </select>
  )
}

import { cx } from '@/components/class-names'
import { controlClass } from '@/components/field'
import { SearchBox } from '@/components/search-box'
import { type AuditFilter, fromInput, toInput } from '@/features/audit/audit-filter'
import { actions, objectTypes } from '@/features/audit/vocabulary'
import { usePreferences } from '@/lib/preferences'

interface Props {
  filter: AuditFilter
  onChange: (change: Partial<AuditFilter>) => void
}

const kControl = cx(controlClass, 'h-7 max-md:h-11 max-md:w-full')

export function AuditFilterBar({ filter, onChange }: Props) {
  return (
    <div className="flex flex-wrap items-end gap-2 max-md:grid max-md:grid-cols-2">
      <SearchBox
        label="Person"
        value={filter.person}
        onChange={(person) => onChange({ person })}
        className="w-40 max-md:w-full"
      />
      <Choose label="Action" every="Every action" options={actions} name="action" {...{ filter, onChange }} />
      <Choose
        label="Object"
        every="Every object"
        options={objectTypes}
        name="object_type"
        {...{ filter, onChange }}
      />
      <Choose
        label="Result"
        every="Every result"
        options={['done', 'refused']}
        name="result"
        {...{ filter, onChange }}
      />
      <SearchBox
        label="Object id"
        hotkey={false}
        value={filter.object_id}
        onChange={(id) => onChange({ object_id: id })}
        className="w-44 max-md:w-full"
      />
      <When label="Since" name="since" {...{ filter, onChange }} />
      <When label="Until" name="until" {...{ filter, onChange }} />
    </div>
  )
}

type ChooseProps = Props & {
  label: string
  every: string
  options: readonly string[]
  name: 'action' | 'object_type' | 'result'
}

function Choose({ label, every, options, name, filter, onChange }: ChooseProps) {
  return (
    <select
      aria-label={label}
      value={filter[name]}
      onChange={(event) => onChange({ [name]: event.target.value })}
      className={kControl}
    >
      <option value="">{every}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {option.replaceAll('_', ' ')}
        </option>
      ))}
    </select>
  )
}

function When({ label, name, filter, onChange }: Props & { label: string; name: 'since' | 'until' }) {
  const utc = usePreferences((preferences) => preferences.utc)
  return (
    <label className="flex items-center gap-1.5 text-mute max-md:w-full max-md:flex-col max-md:items-start">
      {label}
      {utc && ' (UTC)'}
      <input
        type="datetime-local"
        value={toInput(filter[name], utc)}
        onChange={(event) => onChange({ [name]: fromInput(event.target.value, utc) })}
        className={kControl}
      />
    </label>
  )
}

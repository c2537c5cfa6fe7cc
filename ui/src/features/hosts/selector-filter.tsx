// Label requirements as chips, with a field for the next one: role=web, env in (prod,staging), !retired.
import { Tags } from 'lucide-react'
import { useId, useState } from 'react'

import { ChipsInput } from '@/components/chips-input'
import { cx } from '@/components/class-names'
import type { Suggestion } from '@/components/combobox'
import { FieldError } from '@/components/field-group'
import { count } from '@/lib/format'
import { selectorFault, splitSelector } from '@/lib/selector'
import { useFleetLabels } from '@/modules/fleet/fleet-queries'

const kOffered = 10

interface Props {
  value: string
  onChange: (selector: string) => void
  refused: string | undefined // what the server said of `value`
}

export function SelectorFilter({ value, onChange, refused }: Props) {
  const [draft, setDraft] = useState('')
  const id = useId()
  const chips = splitSelector(value).filter((part) => part !== '')
  const fault = selectorFault(draft) ?? refused
  const suggestions = useSuggestions(draft)
  const add = (text: string) => {
    const parts = splitSelector(text).filter((part) => part !== '' && !chips.includes(part))
    if (selectorFault(text) !== undefined) return
    setDraft('')
    if (parts.length > 0) onChange([...chips, ...parts].join(','))
  }
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1">
      <div className={cx('rounded-md border bg-surface', fault ? 'border-failed' : 'border-line2')}>
        <ChipsInput
          label="Filter by labels"
          icon={<Tags aria-hidden size={14} className="ml-1 text-faint" />}
          placeholder={chips.length > 0 ? 'Add a label…' : 'role=payment,env=prod,region!=ap-1'}
          chips={chips}
          draft={draft}
          onDraft={setDraft}
          onAdd={add}
          onRemove={(index) => onChange(chips.filter((_, at) => at !== index).join(','))}
          onEdit={(index) => {
            setDraft(chips[index] ?? '')
            onChange(chips.filter((_, at) => at !== index).join(','))
          }}
          suggestions={suggestions}
          onTake={(suggestion) => add(suggestion.text)}
          invalid={fault !== undefined}
          describedBy={fault ? id : undefined}
        />
      </div>
      <FieldError id={id} error={fault} />
    </div>
  )
}

function useSuggestions(draft: string): Suggestion[] {
  const labels = useFleetLabels().data ?? []
  const typed = draft.trim().toLowerCase()
  const all = labels.flatMap(({ key, values }) =>
    values.map(({ value, count: hosts }) => ({ text: value === '' ? key : `${key}=${value}`, hosts })),
  )
  return all
    .filter(({ text }) => text.toLowerCase().includes(typed))
    .slice(0, kOffered)
    .map(({ text, hosts }) => ({
      key: text,
      text,
      detail: `${count(hosts)} ${hosts === 1 ? 'host' : 'hosts'}`,
    }))
}

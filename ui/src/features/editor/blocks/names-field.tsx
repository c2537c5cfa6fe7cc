// A list of short texts as chips.
import { useState } from 'react'

import { ChipsInput } from '@/components/chips-input'
import type { Suggestion } from '@/components/combobox'
import { FieldGroup } from '@/components/field-group'
import { formatPlain } from '@/components/number-field'
import type { ConfigFields } from '@/features/editor/blocks/config-fields'

interface Props {
  label: string
  description?: string
  fields: ConfigFields
  name: string
  suggestions?: string[]
  placeholder?: string
}

export function NamesField({ label, description, fields, name, suggestions = [], placeholder }: Props) {
  const [draft, setDraft] = useState('')
  const written = fields.value(name)
  const all: unknown[] = Array.isArray(written) ? written : []
  const set = (next: unknown[]) => fields.set(name)(next.length > 0 ? next : undefined)
  const add = (text: string) => {
    setDraft('')
    const one = text.trim()
    if (one !== '' && !all.includes(one)) set([...all, one])
  }
  const offered: Suggestion[] = suggestions
    .filter((each) => !all.includes(each) && each.includes(draft.trim()))
    .map((each) => ({ key: each, text: each }))
  const error = fields.errorWithin(name)
  return (
    <FieldGroup label={label} description={description} error={error} optional>
      <div className="rounded-md border border-line2">
        <ChipsInput
          label={label}
          chips={all.map(formatPlain)}
          draft={draft}
          onDraft={setDraft}
          onAdd={add}
          onRemove={(index) => set(all.filter((_, at) => at !== index))}
          suggestions={offered}
          onTake={(one) => add(one.text)}
          placeholder={placeholder ?? 'Add…'}
          invalid={error !== undefined}
        />
      </div>
    </FieldGroup>
  )
}

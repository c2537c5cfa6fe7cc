// Hosts by name, completed from the fleet.
import { Server } from 'lucide-react'
import { useId, useState } from 'react'

import { ChipsInput } from '@/components/chips-input'
import { statusWord } from '@/components/status'
import { useSettled } from '@/lib/use-settled'
import { useHostsNamed } from '@/modules/fleet/fleet-queries'

const kPauseMs = 150

interface Props {
  value: readonly string[]
  onChange: (value: string[]) => void
  describedBy: string | undefined
}

export function HostNamesInput({ value, onChange, describedBy }: Props) {
  const id = useId()
  const [draft, setDraft] = useState('')
  const [left, setLeft] = useState(false)
  const wanted = useSettled(draft.trim(), kPauseMs)
  const named = useHostsNamed(wanted, true)
  const offered = (named.data ?? []).filter((agent) => !value.includes(agent.host))
  const add = (text: string) => {
    setDraft('')
    setLeft(false)
    const names = text.split(/[\s,]+/).filter((name) => name !== '' && !value.includes(name))
    if (names.length > 0) onChange([...value, ...new Set(names)])
  }
  const fault = left && draft.trim() !== '' ? `Press Enter in the field to add "${draft.trim()}".` : undefined
  return (
    <div
      className="border-t border-line"
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setLeft(true)}
    >
      <ChipsInput
        label="Hosts by name"
        icon={<Server aria-hidden size={14} className="ml-1 text-faint" />}
        chips={value}
        draft={draft}
        onDraft={(text) => {
          setLeft(false)
          if (/[,\s]$/.test(text) && text.trim() !== '') add(text)
          else setDraft(text)
        }}
        onAdd={add}
        addOnBlur={false}
        onRemove={(index) => onChange(value.filter((_, at) => at !== index))}
        suggestions={offered.map((agent) => ({
          key: agent.id,
          text: agent.host,
          detail: statusWord(agent.status).toLowerCase(),
        }))}
        onTake={(one) => add(one.text)}
        placeholder="Add host by name…"
        invalid={fault !== undefined}
        describedBy={[describedBy, fault && `${id}-e`].filter(Boolean).join(' ') || undefined}
      />
      {fault && (
        <p id={`${id}-e`} className="px-2.5 pb-1.5 text-small text-failed">
          {fault}
        </p>
      )}
    </div>
  )
}

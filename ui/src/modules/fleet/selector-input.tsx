// A label selector as chips or as text, with completion from the labels there are.
import { Tag } from 'lucide-react'
import { useId, useState } from 'react'

import { ChipsInput } from '@/components/chips-input'
import { cx } from '@/components/class-names'
import { selectorFault } from '@/lib/selector'
import { type FleetLabel, suggestRequirements } from '@/modules/fleet/selector-suggestions'
import { useSelectorChips } from '@/modules/fleet/use-selector-chips'

interface Props {
  value: string
  onChange: (value: string) => void
  labels: readonly FleetLabel[] // that there are
  describedBy: string | undefined
  label?: string
  noun?: string // what has the labels
}

export function SelectorInput(props: Props) {
  const { value, onChange, labels, describedBy, label = 'Label selector', noun = 'host' } = props
  const id = useId()
  const [asText, setAsText] = useState(false)
  const parts = useSelectorChips(value, onChange)
  const fault = asText ? selectorFault(value) : parts.fault
  const notes = [describedBy, fault && `${id}-e`].filter(Boolean).join(' ') || undefined
  return (
    <div className="flex flex-col">
      <div className="flex items-start">
        <div className="min-w-0 flex-1">
          {asText ? (
            <input
              aria-label={label}
              aria-invalid={fault ? true : undefined}
              aria-describedby={notes}
              autoComplete="off"
              spellCheck={false}
              placeholder="role=web, env in (staging,prod), !retired"
              value={value}
              onChange={(event) => onChange(event.target.value)}
              className="h-9 w-full bg-transparent px-2.5 font-mono text-small max-md:h-11 max-md:text-[16px]"
            />
          ) : (
            <ChipsInput
              label={label}
              icon={<Tag aria-hidden size={14} className="ml-1 text-faint" />}
              chips={parts.chips}
              draft={parts.draft}
              onDraft={parts.type}
              onAdd={parts.add}
              onRemove={parts.remove}
              onEdit={parts.edit}
              suggestions={suggestRequirements(parts.draft, labels, noun)}
              onTake={(one) => (one.goesOn ? parts.type(one.text) : parts.add(one.text))}
              placeholder="Add label…"
              invalid={fault !== undefined}
              describedBy={notes}
            />
          )}
        </div>
        <button
          type="button"
          aria-pressed={asText}
          onClick={() => setAsText(!asText)}
          className={cx(
            'inline-flex h-9 items-center px-2.5 text-small text-mute underline',
            'hover:text-fg max-md:h-11',
          )}
        >
          {asText ? 'As chips' : 'As text'}
        </button>
      </div>
      {fault && (
        <p id={`${id}-e`} className="px-2.5 pb-1.5 text-small text-failed">
          {fault}
        </p>
      )}
    </div>
  )
}

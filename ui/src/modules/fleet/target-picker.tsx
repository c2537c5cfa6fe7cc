// Which hosts: a label selector, names, or both (their union), with what they match now.
import { Tag } from 'lucide-react'
import { useId, useState } from 'react'

import { ChipsInput } from '@/components/chips-input'
import { cx } from '@/components/class-names'
import { FieldError } from '@/components/field-group'
import { toApiError } from '@/lib/api-client'
import type { Targets } from '@/lib/model'
import { selectorFault } from '@/lib/selector'
import { useSettled } from '@/lib/use-settled'
import { useMatches } from '@/modules/fleet/api'
import { useFleetLabels, useFleetSize } from '@/modules/fleet/fleet-queries'
import { HostNamesInput } from '@/modules/fleet/host-names-input'
import { MatchPreview } from '@/modules/fleet/match-preview'
import { suggestRequirements } from '@/modules/fleet/selector-suggestions'
import { useSelectorChips } from '@/modules/fleet/use-selector-chips'

const kMatchPauseMs = 200

interface Props {
  value: Targets
  onChange: (value: Targets) => void
  error?: string | undefined // what the server says of the whole choice
  selectorError?: string | undefined
  hostsError?: string | undefined
}

export function TargetPicker({ value, onChange, error, selectorError, hostsError }: Props) {
  const id = useId()
  const selector = value.selector ?? ''
  const hosts = value.hosts ?? []
  const setSelector = (next: string) => onChange({ ...value, selector: next })
  const settled = useSettled(value, kMatchPauseMs)
  const readable = selectorFault(settled.selector ?? '') === undefined
  const matches = useMatches(settled, readable)
  const total = useFleetSize()
  const problem = matches.error ? toApiError(matches.error) : undefined
  const empty = selector.trim() === '' && hosts.length === 0
  const ownFault = error ?? selectorError ?? hostsError
  const fault = ownFault ?? (empty ? undefined : (problem?.faults[0]?.message ?? problem?.message))
  return (
    <div className="flex flex-col gap-1">
      <div
        className={cx(
          'rounded-md border bg-surface focus-within:border-accent',
          fault ? 'border-failed' : 'border-line2',
        )}
      >
        <SelectorInput value={selector} onChange={setSelector} describedBy={fault && `${id}-e`} />
        <HostNamesInput
          value={hosts}
          onChange={(next) => onChange({ ...value, hosts: next })}
          describedBy={fault && `${id}-e`}
        />
        <div className="rounded-b-md border-t border-line bg-raised px-3 py-2">
          {empty ? (
            <p className="text-mute">No hosts chosen yet: name a label or a host.</p>
          ) : problem || !readable ? (
            <p className="text-mute">What this matches is not known.</p>
          ) : (
            <MatchPreview
              matches={matches.data}
              stale={matches.isFetching || JSON.stringify(settled) !== JSON.stringify(value)}
              total={total}
            />
          )}
        </div>
      </div>
      <FieldError id={`${id}-e`} error={fault} />
    </div>
  )
}

interface SelectorProps {
  value: string
  onChange: (value: string) => void
  describedBy: string | undefined
}

function SelectorInput({ value, onChange, describedBy }: SelectorProps) {
  const id = useId()
  const [asText, setAsText] = useState(false)
  const labels = useFleetLabels()
  const parts = useSelectorChips(value, onChange)
  const fault = asText ? selectorFault(value) : parts.fault
  const notes = [describedBy, fault && `${id}-e`].filter(Boolean).join(' ') || undefined
  return (
    <div className="flex flex-col">
      <div className="flex items-start">
        <div className="min-w-0 flex-1">
          {asText ? (
            <input
              aria-label="Label selector"
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
              label="Label selector"
              icon={<Tag aria-hidden size={14} className="ml-1 text-faint" />}
              chips={parts.chips}
              draft={parts.draft}
              onDraft={parts.type}
              onAdd={parts.add}
              onRemove={parts.remove}
              onEdit={parts.edit}
              suggestions={suggestRequirements(parts.draft, labels.data ?? [])}
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

// Which hosts: a label selector, names, or both (their union), with what they match now.
import { useId } from 'react'

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
import { SelectorInput } from '@/modules/fleet/selector-input'

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
  const labels = useFleetLabels()
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
        <SelectorInput
          value={selector}
          onChange={setSelector}
          labels={labels.data ?? []}
          describedBy={fault && `${id}-e`}
        />
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

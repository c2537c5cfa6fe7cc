// Where a role holds: selectors on runbooks and on hosts, each with what it matches now.
import { type ReactNode, useId } from 'react'

import { cx } from '@/components/class-names'
import { FieldError } from '@/components/field-group'
import type { GrantDraft } from '@/features/settings/grant-drafts'
import { useRunbookLabels } from '@/features/settings/runbook-labels'
import { count, counted } from '@/lib/format'
import { parseSelector } from '@/lib/selector'
import { selects } from '@/lib/selector-match'
import { useSettled } from '@/lib/use-settled'
import { useMatches } from '@/modules/fleet/api'
import { useFleetLabels, useFleetSize } from '@/modules/fleet/fleet-queries'
import { SelectorInput } from '@/modules/fleet/selector-input'
import type { FleetLabel } from '@/modules/fleet/selector-suggestions'

const kMatchPauseMs = 200

interface Props {
  draft: GrantDraft
  onChange: (more: Partial<GrantDraft>) => void
  errorAt: (field: 'runbooks' | 'hosts') => string | undefined
}

export function ScopeFields({ draft, onChange, errorAt }: Props) {
  const runbooks = useRunbookLabels()
  const hosts = useFleetLabels()
  return (
    <div className="flex flex-col gap-3">
      <ScopeField
        label={`Runbooks of ${draft.role}`}
        title="Runbooks"
        noun="runbook"
        labels={runbooks.data?.labels ?? []}
        value={draft.runbooks}
        onChange={(next) => onChange({ runbooks: next })}
        error={errorAt('runbooks')}
        matched={<RunbookCount selector={draft.runbooks} />}
      />
      <ScopeField
        label={`Hosts of ${draft.role}`}
        title="Hosts"
        noun="host"
        labels={hosts.data ?? []}
        value={draft.hosts}
        onChange={(next) => onChange({ hosts: next })}
        error={errorAt('hosts')}
        matched={<HostCount selector={draft.hosts} />}
      />
    </div>
  )
}

interface FieldProps {
  label: string
  title: string
  noun: string
  labels: readonly FleetLabel[]
  value: string
  onChange: (value: string) => void
  error: string | undefined
  matched: ReactNode
}

function ScopeField({ label, title, noun, labels, value, onChange, error, matched }: FieldProps) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-medium">{title}</span>
        <span aria-live="polite" className="text-small text-mute">
          {value.trim() === '' ? `every ${noun}` : matched}
        </span>
      </div>
      <div
        className={cx(
          'rounded-md border bg-surface focus-within:border-accent',
          error ? 'border-failed' : 'border-line2',
        )}
      >
        <SelectorInput
          label={label}
          noun={noun}
          labels={labels}
          value={value}
          onChange={onChange}
          describedBy={error && `${id}-e`}
        />
      </div>
      <FieldError id={`${id}-e`} error={error} />
    </div>
  )
}

function RunbookCount({ selector }: { selector: string }) {
  const { data } = useRunbookLabels()
  const { requirements } = parseSelector(selector)
  if (!requirements) return 'cannot be read yet'
  if (!data) return null
  const matched = data.items.filter((labels) => selects(requirements, labels)).length
  const known = counted(data.items.length, 'runbook')
  if (data.more) return `at least ${count(matched)} of more than ${known} now`
  return `${count(matched)} of ${known} now`
}

function HostCount({ selector }: { selector: string }) {
  const settled = useSettled(selector, kMatchPauseMs)
  const readable = parseSelector(settled).requirements !== undefined
  const matches = useMatches({ selector: settled }, readable)
  const total = useFleetSize()
  if (!readable) return 'cannot be read yet'
  if (matches.isError) return 'what this matches is not known'
  if (!matches.data) return null
  const { matched } = matches.data
  return total === undefined
    ? `${counted(matched, 'host')} now`
    : `${count(matched)} of ${counted(total, 'host')} now`
}

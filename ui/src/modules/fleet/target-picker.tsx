// Which hosts: a label selector, names, or both (their union), with what they match now.
import { useState } from 'react'

import { cx } from '@/components/class-names'
import { LabelChips } from '@/components/label-chips'
import { SearchBox } from '@/components/search-box'
import { StatusText } from '@/components/status'
import { TextField } from '@/components/field'
import { counted } from '@/lib/format'
import type { Agent, Targets } from '@/lib/model'
import { selectorFault } from '@/lib/selector'
import { useAgents } from '@/modules/fleet/api'

interface Props {
  value: Targets
  onChange: (value: Targets) => void
  selectorError?: string | undefined
}

export function TargetPicker({ value, onChange, selectorError }: Props) {
  const selector = value.selector ?? ''
  const hosts = value.hosts ?? []
  const toggle = (host: string) =>
    onChange({
      ...value,
      hosts: hosts.includes(host) ? hosts.filter((each) => each !== host) : [...hosts, host],
    })
  return (
    <div className="flex flex-col gap-4">
      <TextField
        label="Label selector"
        description="Such as role=web, env in (staging,prod), !retired. All must hold."
        error={selectorFault(selector) ?? selectorError}
        optional
        mono
        placeholder="role=web"
        value={selector}
        onChange={(event) => onChange({ ...value, selector: event.target.value })}
      />
      <HostChoice chosen={hosts} onToggle={toggle} />
    </div>
  )
}

function HostChoice({ chosen, onToggle }: { chosen: string[]; onToggle: (host: string) => void }) {
  const [name, setName] = useState('')
  const agents = useAgents({ name, status: '' })
  const items = (agents.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (agent) => agent.status !== 'revoked',
  )
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium">
        Hosts by name
        <span className="ml-2 font-normal text-faint">
          {chosen.length > 0 ? counted(chosen.length, 'host') + ' chosen' : 'optional'}
        </span>
      </legend>
      <SearchBox label="Filter hosts by name" value={name} onChange={setName} />
      {/* A scrolling region takes focus, so that the keyboard can scroll it. */}
      <ul className="max-h-44 overflow-y-auto rounded-md border border-line2 py-1">
        {items.map((agent) => (
          <HostOption
            key={agent.id}
            agent={agent}
            checked={chosen.includes(agent.host)}
            onToggle={onToggle}
          />
        ))}
        {items.length === 0 && (
          <li className="px-3 py-1 text-mute">{agents.isPending ? 'Loading…' : 'No host.'}</li>
        )}
      </ul>
    </fieldset>
  )
}

interface OptionProps {
  agent: Agent
  checked: boolean
  onToggle: (host: string) => void
}

function HostOption({ agent, checked, onToggle }: OptionProps) {
  return (
    <li>
      <label
        className={cx(
          'flex min-h-7 cursor-pointer flex-wrap items-center',
          'gap-x-3 px-3 py-0.5 hover:bg-raised max-md:min-h-11',
        )}
      >
        <input
          type="checkbox"
          checked={checked}
          onChange={() => onToggle(agent.host)}
          className="size-4 accent-accent"
        />
        <span className="font-mono text-small">{agent.host}</span>
        <StatusText status={agent.status} />
        <span className="ml-auto">
          <LabelChips labels={agent.labels} />
        </span>
      </label>
    </li>
  )
}

// Makes a key and shows it this once.
import { type FormEvent, useId, useState } from 'react'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { SelectField, TextField } from '@/components/field'
import { FieldGroup } from '@/components/field-group'
import { ErrorState } from '@/components/notice'
import { ShownOnce } from '@/components/shown-once'
import { useMakeKey } from '@/features/settings/api'
import { expiryAfter, lifetimes } from '@/features/settings/key-state'
import { type ApiError, toApiError } from '@/lib/api-client'
import type { NewApiKey, Role } from '@/lib/model'
import { useMe } from '@/lib/use-me'
import { useRoles } from '@/lib/use-roles'

const kUsualDays = 90

export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const make = useMakeKey()
  const form = useId()
  const made = make.data
  return (
    <Dialog
      open
      onClose={onClose}
      title={made ? `Key “${made.name}”` : 'New key'}
      footer={
        made ? (
          <Button kind="primary" onClick={onClose}>
            I have copied it
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" form={form} disabled={make.isPending}>
              Make the key
            </Button>
          </>
        )
      }
    >
      {made ? (
        <Made made={made} />
      ) : (
        <KeyForm
          id={form}
          problem={make.isError ? toApiError(make.error) : undefined}
          onSubmit={(input) => make.mutate(input)}
        />
      )}
    </Dialog>
  )
}

function Made({ made }: { made: NewApiKey }) {
  return (
    <div className="flex flex-col gap-3">
      <ShownOnce label="The key" text={made.key} />
      <p className="text-mute">
        It is not shown again: only its digest is stored. Programs send it as{' '}
        <code className="font-mono text-small">X-API-KEY</code>.
      </p>
    </div>
  )
}

interface FormProps {
  id: string
  problem: ApiError | undefined
  onSubmit: (input: { name: string; owner?: string; roles: Role[]; expires_at: string | null }) => void
}

function KeyForm({ id, problem, onSubmit }: FormProps) {
  const [name, setName] = useState('')
  const [owner, setOwner] = useState('')
  const [roles, setRoles] = useState<Role[]>([])
  const [days, setDays] = useState(kUsualDays)
  const me = useMe().data
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const expires = expiryAfter(days, Date.now())
    onSubmit({ name, ...(owner.trim() && { owner: owner.trim() }), roles, expires_at: expires })
  }
  return (
    <form id={id} onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label="Name"
        description="What it is for, such as incident tooling."
        required
        maxLength={200}
        error={problem?.faultAt('/name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label="Owner"
        optional
        description={`The person who uses it; ${me?.name ?? 'you'} when empty. Approvals compare owners.`}
        maxLength={200}
        error={problem?.faultAt('/owner')}
        value={owner}
        onChange={(event) => setOwner(event.target.value)}
      />
      <RoleBoxes value={roles} onChange={setRoles} error={problem?.faultAt('/roles')} />
      <SelectField
        label="Expires after"
        error={problem?.faultAt('/expires_at')}
        value={days}
        onChange={(event) => setDays(Number(event.target.value))}
      >
        {lifetimes.map((each) => (
          <option key={each.days} value={each.days}>
            {each.name}
          </option>
        ))}
      </SelectField>
      {problem && <ErrorState what="The key was not made." error={problem} />}
    </form>
  )
}

const kRoles: { role: Role; words: string }[] = [
  { role: 'viewer', words: 'sees runbooks, executions, output and hosts' },
  { role: 'operator', words: 'runs runbooks and confirms their own commands' },
  { role: 'approver', words: "approves other people's commands" },
  { role: 'author', words: 'writes runbooks' },
  { role: 'admin', words: 'all of these, and keys, hosts, credentials, audit' },
]

interface BoxesProps {
  value: Role[]
  onChange: (roles: Role[]) => void
  error: string | undefined
}

function RoleBoxes({ value, onChange, error }: BoxesProps) {
  const told = useRoles().data?.items
  const toggle = (role: Role) =>
    onChange(value.includes(role) ? value.filter((each) => each !== role) : [...value, role])
  return (
    <FieldGroup label="Roles" description="They add up; none implies another." error={error}>
      {kRoles.map(({ role, words }) => (
        <label key={role} className="flex min-h-6 items-start gap-2 max-md:min-h-11">
          <input
            type="checkbox"
            checked={value.includes(role)}
            onChange={() => toggle(role)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span>
            <span className="font-medium">{role}</span>{' '}
            <span className="text-mute">
              {told?.find((each) => each.role === role)?.description ?? words}
            </span>
          </span>
        </label>
      ))}
    </FieldGroup>
  )
}

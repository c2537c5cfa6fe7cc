// Makes a key and shows it this once.
import { type FormEvent, useId, useState } from 'react'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { SelectField, TextField } from '@/components/field'
import { ErrorState } from '@/components/notice'
import { ShownOnce } from '@/components/shown-once'
import { type NewKeyInput, useMakeKey } from '@/features/settings/api'
import { type GrantDraft, grantFault, sentGrant } from '@/features/settings/grant-drafts'
import { expiryAfter, lifetimes } from '@/features/settings/key-state'
import { RoleChoice } from '@/features/settings/role-choice'
import { type ApiError, toApiError } from '@/lib/api-client'
import type { NewApiKey } from '@/lib/model'
import { useMe } from '@/lib/use-me'

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
  onSubmit: (input: NewKeyInput) => void
}

function KeyForm({ id, problem, onSubmit }: FormProps) {
  const [name, setName] = useState('')
  const [owner, setOwner] = useState('')
  const [roles, setRoles] = useState<GrantDraft[]>([])
  const [tried, setTried] = useState(false)
  const [days, setDays] = useState(kUsualDays)
  const me = useMe().data
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (roles.some(grantFault)) return
    const expires = expiryAfter(days, Date.now())
    onSubmit({
      name,
      ...(owner.trim() && { owner: owner.trim() }),
      roles: roles.map(sentGrant),
      expires_at: expires,
    })
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
      <RoleChoice
        value={roles}
        onChange={setRoles}
        tried={tried}
        error={problem?.faultAt('/roles')}
        errorAt={(below) => problem?.faultAt(`/roles${below}`)}
      />
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

import { type FormEvent, useId, useState } from 'react'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { SelectField, TextField } from '@/components/field'
import { ErrorState } from '@/components/notice'
import { useMakeCredential } from '@/features/credentials/api'
import { SecretField } from '@/features/credentials/secret-field'
import { toApiError } from '@/lib/api-client'
import type { Credential } from '@/lib/model'

const kName = /^[a-z][a-z0-9_]*$/

export function NewCredentialDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [type, setType] = useState<Credential['type']>('api')
  const [secret, setSecret] = useState('')
  const make = useMakeCredential()
  const form = useId()
  const problem = make.isError ? toApiError(make.error) : undefined
  const wrongName = name !== '' && !kName.test(name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!wrongName) make.mutate({ name, type, secret }, { onSuccess: onClose })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="New credential"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} disabled={make.isPending || wrongName}>
            Store the secret
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Name"
          description="Runbooks name it so. Lower-case letters, digits and _, such as pay_token."
          required
          mono
          maxLength={64}
          error={
            wrongName
              ? 'Begin with a letter; then lower-case letters, digits and _.'
              : problem?.faultAt('/name')
          }
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label="Type"
          error={problem?.faultAt('/type')}
          value={type}
          onChange={(event) => {
            setType(event.target.value as Credential['type'])
            setSecret('')
          }}
        >
          <option value="api">API token or password</option>
          <option value="ssh">SSH private key</option>
        </SelectField>
        <SecretField type={type} value={secret} onChange={setSecret} error={problem?.faultAt('/secret')} />
        {problem && <ErrorState what="The credential was not stored." error={problem} />}
      </form>
    </Dialog>
  )
}

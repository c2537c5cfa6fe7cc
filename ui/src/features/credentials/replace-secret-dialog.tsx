import { type FormEvent, useId, useState } from 'react'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { ErrorState } from '@/components/notice'
import { showToast } from '@/components/toast'
import { useReplaceSecret } from '@/features/credentials/api'
import { SecretField } from '@/features/credentials/secret-field'
import { toApiError } from '@/lib/api-client'
import type { Credential } from '@/lib/model'

export function ReplaceSecretDialog({
  credential,
  onClose,
}: {
  credential: Credential
  onClose: () => void
}) {
  const [secret, setSecret] = useState('')
  const replace = useReplaceSecret(credential.id)
  const form = useId()
  const problem = replace.isError ? toApiError(replace.error) : undefined
  const replaced = () => {
    showToast(`The secret of ${credential.name} is replaced`)
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    replace.mutate(secret, { onSuccess: replaced })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Replace the secret of ${credential.name}`}
      description="Steps that begin from now on use the new secret; those that run keep the old one."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} disabled={replace.isPending}>
            Replace the secret
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <SecretField
          type={credential.type}
          value={secret}
          onChange={setSecret}
          error={problem?.faultAt('/secret')}
        />
        {problem && <ErrorState what="The secret was not replaced." error={problem} />}
      </form>
    </Dialog>
  )
}

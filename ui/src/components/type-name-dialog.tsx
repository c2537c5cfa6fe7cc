// A question before something that cannot be undone: says the effect, and wants the thing's name typed. Waits
// for the server and shows its refusal in place.
import { type FormEvent, type ReactNode, useId, useState } from 'react'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { TextField } from '@/components/field'
import { ErrorState } from '@/components/notice'

interface Props {
  title: string
  name: string // what must be typed
  action: string // "Revoke local-1": the effect, in the button
  refused: string // "The host was not revoked."
  error: unknown // of the last try; null when there was none
  busy: boolean
  onConfirm: () => void
  onClose: () => void
  children: ReactNode // the effect
}

export function TypeNameDialog(props: Props) {
  const { title, name, action, refused, error, busy, onConfirm, onClose, children } = props
  const [typed, setTyped] = useState('')
  const form = useId()
  const same = typed.trim() === name
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (same && !busy) onConfirm()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" form={form} disabled={!same || busy}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-3">
        {children}
        <TextField
          label={`Type ${name} to confirm`}
          mono
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {error !== null && <ErrorState what={refused} error={error} />}
      </form>
    </Dialog>
  )
}

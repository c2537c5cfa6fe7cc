// Saving makes a version. The note is for whoever reads the list of versions.
import { useRef, useState } from 'react'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { TextField } from '@/components/field'
import { Faults } from '@/components/notice'
import type { ApiError } from '@/lib/api-client'

interface Props {
  open: boolean
  onClose: () => void
  version: number // that it becomes
  problems: number
  busy: boolean
  error: ApiError | undefined
  onSave: (note: string) => void
}

export function SaveDialog({ open, onClose, version, problems, busy, error, onSave }: Props) {
  const [note, setNote] = useState('')
  const field = useRef<HTMLElement>(null)
  const save = () => {
    if (!busy) onSave(note.trim())
  }
  const label = version === 1 ? 'Create the runbook' : `Save as v${version}`
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={label}
      initialFocus={field}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={busy} onClick={save}>
            {busy ? 'Saving' : label}
          </Button>
        </>
      }
    >
      <form
        ref={(form) => {
          field.current = form?.querySelector('input') ?? null
        }}
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
        className="flex flex-col gap-3"
      >
        <TextField
          label="Note"
          optional
          description="What changed, and why"
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        {problems > 0 && !error && (
          <p className="text-waiting">The controller found problems in this document and may refuse it.</p>
        )}
        {error && (
          <div role="alert" className="text-failed">
            <p>{error.message}</p>
            <Faults problem={error} />
          </div>
        )}
      </form>
    </Dialog>
  )
}

// Asks before runbooks are deleted, names them, and says what stays.
import { useEffect, useRef, useState } from 'react'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { ErrorState } from '@/components/notice'
import { useDelete } from '@/features/runbooks/api'
import { counted } from '@/lib/format'
import { useConnection } from '@/lib/live'
import type { RunbookSummary } from '@/lib/model'

type Doomed = Pick<RunbookSummary, 'id' | 'title' | 'version'>

interface Props {
  runbooks: Doomed[]
  onDone: (deleted: string[]) => void
  onClose: () => void
}

export function DeleteDialog({ runbooks, onDone, onClose }: Props) {
  const { left, failed, pending, send } = useDeleting(runbooks, onDone)
  const { reachable } = useConnection()
  const one = left.length === 1 ? left[0] : undefined
  return (
    <Dialog
      open
      onClose={onClose}
      title={one ? `Delete ${one.title}?` : `Delete ${counted(left.length, 'runbook')}?`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="danger"
            reason={reachable ? undefined : 'The controller cannot be reached.'}
            disabled={pending}
            onClick={() => void send()}
          >
            {pending ? 'Deleting…' : `Delete ${one ? one.title : counted(left.length, 'runbook')}`}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {failed && <ErrorState what={`${failed.title} was not deleted.`} error={failed.error} />}
        {!one && (
          <ul className="max-h-60 list-disc overflow-y-auto pl-5">
            {left.map((runbook) => (
              <li key={runbook.id}>{runbook.title}</li>
            ))}
          </ul>
        )}
        <p>
          {one ? 'It' : 'They'} can no longer be run, and all versions and drafts are gone for good. What was
          run stays under Executions; what runs now goes on.
        </p>
      </div>
    </Dialog>
  )
}

// One after the other; the first refusal ends it and is shown, those before it are gone.
function useDeleting(runbooks: Doomed[], onDone: (deleted: string[]) => void) {
  const remove = useDelete()
  const [gone, setGone] = useState<string[]>([])
  const [failed, setFailed] = useState<{ title: string; error: unknown }>()
  const [pending, setPending] = useState(false)
  const given = useRef(true)
  useEffect(() => {
    given.current = true
    return () => {
      given.current = false // closed: what was not sent yet stays
    }
  }, [])
  const left = runbooks.filter((runbook) => !gone.includes(runbook.id))
  const send = async () => {
    setPending(true)
    setFailed(undefined)
    const deleted = [...gone]
    for (const runbook of left) {
      if (!given.current) return
      try {
        await remove.mutateAsync({ id: runbook.id, version: runbook.version.version_number })
      } catch (error) {
        setFailed({ title: runbook.title, error })
        break
      }
      deleted.push(runbook.id)
    }
    setGone(deleted)
    setPending(false)
    if (deleted.length === runbooks.length) onDone(deleted)
  }
  return { left, failed, pending, send }
}

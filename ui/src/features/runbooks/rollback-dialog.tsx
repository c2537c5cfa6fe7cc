// Asks before an old version becomes the newest content, and says exactly what that does.
import { useState } from 'react'
import { Link } from 'react-router'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { TextField } from '@/components/field'
import { ErrorState } from '@/components/notice'
import { type Version, useRollback } from '@/features/runbooks/api'
import { changeWords } from '@/features/runbooks/change-words'
import { diffRunbooks } from '@/features/runbooks/runbook-diff'
import { useConnection } from '@/lib/live'
import type { Runbook } from '@/lib/model'
import { paths } from '@/lib/paths'
import { useVersion } from '@/lib/use-version'

interface Props {
  runbook: Runbook // as it is now
  to: Version
  onDone: (made: number) => void
  onClose: () => void
}

export function RollbackDialog({ runbook, to, onDone, onClose }: Props) {
  const current = runbook.version.version_number
  const made = current + 1
  const [message, setMessage] = useState(`Roll back to version ${to.version_number}`)
  const rollback = useRollback(runbook.id)
  const { reachable } = useConnection()
  const send = () =>
    rollback.mutate(
      { to, current, message: message.trim() },
      { onSuccess: (answer) => onDone(answer.version.version_number) },
    )
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Roll back to version ${to.version_number}?`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            reason={reachable ? undefined : 'The controller cannot be reached.'}
            disabled={rollback.isPending}
            onClick={send}
          >
            {rollback.isPending ? 'Rolling back…' : `Make v${made} equal to v${to.version_number}`}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {rollback.isError && <ErrorState what="Nothing was rolled back." error={rollback.error} />}
        <p>
          This makes version {made} with the content of version {to.version_number}. Version {current} and all
          others stay; executions under way keep the version they began with.
        </p>
        <Effect runbook={runbook} to={to} />
        <TextField
          label="Note"
          optional
          description="Kept with the new version."
          maxLength={1000}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
        />
      </div>
    </Dialog>
  )
}

function Effect({ runbook, to }: { runbook: Runbook; to: Version }) {
  const old = useVersion(runbook.id, to.id)
  if (!old.data) return null
  const current = runbook.version.version_number
  const words = changeWords(diffRunbooks(runbook, old.data))
  const compare = paths.compare(runbook.id, String(current), String(to.version_number))
  return (
    <p>
      {words ? `Against version ${current}: ${words}. ` : `It is equal to version ${current} already. `}
      <Link to={compare} className="text-accent underline">
        Compare
      </Link>
    </p>
  )
}

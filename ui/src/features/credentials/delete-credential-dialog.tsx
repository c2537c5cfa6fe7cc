import { Link } from 'react-router'

import { TypeNameDialog } from '@/components/type-name-dialog'
import { showToast } from '@/components/toast'
import { useDeleteCredential } from '@/features/credentials/api'
import { counted } from '@/lib/format'
import type { Credential } from '@/lib/model'
import { paths } from '@/lib/paths'

export function DeleteCredentialDialog({
  credential,
  onClose,
}: {
  credential: Credential
  onClose: () => void
}) {
  const remove = useDeleteCredential(credential.id)
  const breaks = credential.used_by
  const deleted = () => {
    showToast(`${credential.name} is deleted`)
    onClose()
  }
  return (
    <TypeNameDialog
      title={`Delete ${credential.name}?`}
      name={credential.name}
      action={`Delete ${credential.name}`}
      refused="The credential was not deleted."
      error={remove.error}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(breaks.length > 0, { onSuccess: deleted })}
      onClose={onClose}
    >
      <p>The secret is removed for good. It cannot be brought back.</p>
      {breaks.length > 0 && (
        <div>
          <p className="font-semibold text-waiting">
            {counted(breaks.length, 'runbook')} would break: steps that name it fail.
          </p>
          <ul aria-label="Runbooks that would break" className="mt-1 list-disc pl-5">
            {breaks.map(({ runbook_id, title }) => (
              <li key={runbook_id}>
                <Link
                  to={paths.runbook(runbook_id)}
                  className="inline-block min-h-6 rounded-sm text-accent underline"
                >
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </TypeNameDialog>
  )
}

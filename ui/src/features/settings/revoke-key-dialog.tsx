import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { ErrorState } from '@/components/notice'
import { showToast } from '@/components/toast'
import { useRevokeKey } from '@/features/settings/api'
import type { ApiKey } from '@/lib/model'
import { useMe } from '@/lib/use-me'

export function RevokeKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useRevokeKey()
  const own = useMe().data?.key.id === apiKey.id
  const revoked = () => {
    showToast(`The key “${apiKey.name}” is revoked`)
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Revoke the key “${apiKey.name}”?`}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            kind="danger"
            disabled={revoke.isPending}
            onClick={() => revoke.mutate(apiKey.id, { onSuccess: revoked })}
          >
            Revoke {apiKey.name}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p>
          Programs of {apiKey.owner} that use it are refused from now on, and every session made with it ends.
          This cannot be undone.
        </p>
        {own && <p className="text-waiting">You are signed in with this key: you will be signed out.</p>}
        {revoke.isError && <ErrorState what="The key was not revoked." error={revoke.error} />}
      </div>
    </Dialog>
  )
}

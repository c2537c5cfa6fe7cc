import { TypeNameDialog } from '@/components/type-name-dialog'
import { showToast } from '@/components/toast'
import { useRevokeAgent } from '@/features/hosts/api'
import { counted } from '@/lib/format'
import type { Agent } from '@/lib/model'

export function RevokeDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const revoke = useRevokeAgent(agent.id)
  const revoked = () => {
    showToast(`${agent.host} is revoked`)
    onClose()
  }
  return (
    <TypeNameDialog
      title={`Revoke ${agent.host}?`}
      name={agent.host}
      action={`Revoke ${agent.host}`}
      refused="The host was not revoked."
      error={revoke.error}
      busy={revoke.isPending}
      onConfirm={() => revoke.mutate(undefined, { onSuccess: revoked })}
      onClose={onClose}
    >
      <p>
        Its connection is cut and its certificate is never accepted again. No execution can choose it any
        more. What ran on it stays in the history. To use the host again it must be enrolled anew.
      </p>
      {agent.running > 0 && (
        <p className="text-waiting">
          {counted(agent.running, 'command')} running there now: how they end will not be known.
        </p>
      )}
    </TypeNameDialog>
  )
}

// Whether every row of the trail is as it was written.
import { ShieldAlert, ShieldCheck } from 'lucide-react'

import { cx } from '@/components/class-names'
import { useVerification } from '@/features/audit/api'
import { counted } from '@/lib/format'
import type { AuditVerification } from '@/lib/model'

export function verificationText({ valid, checked, first_bad, reason }: AuditVerification): string {
  if (valid) return `Verified, ${counted(checked, 'event')}`
  const where = first_bad === null ? 'Not as it was written' : `Event ${first_bad} is not as it was written`
  return reason ? `${where}: ${reason}` : where
}

export function ChainBadge() {
  const { data, isError, refetch, isFetching } = useVerification()
  const good = data?.valid ?? !isError
  const Icon = good ? ShieldCheck : ShieldAlert
  const text = data ? verificationText(data) : isError ? 'Could not be verified' : 'Verifying…'
  return (
    <button
      type="button"
      title="Verify again"
      aria-busy={isFetching}
      onClick={() => void refetch()}
      className={cx(
        'inline-flex min-h-6 items-center gap-1.5 rounded-full border border-current px-2.5',
        'text-left text-small font-semibold',
        data ? (data.valid ? 'text-success' : 'text-failed') : isError ? 'text-failed' : 'text-mute',
      )}
    >
      <Icon aria-hidden size={14} className="shrink-0" />
      <span role="status">{text}</span>
    </button>
  )
}

// Commands that were made and can still enrol a host.
import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { LabelChips } from '@/components/label-chips'
import { ErrorState } from '@/components/notice'
import { Section } from '@/components/section'
import { useRevokeToken } from '@/features/hosts/api'
import { timeLeft } from '@/features/hosts/enrolment'
import type { EnrollmentToken } from '@/lib/model'
import { clockTime } from '@/lib/time'
import { useNow } from '@/lib/use-now'

export function OpenTokens({ tokens }: { tokens: EnrollmentToken[] }) {
  const revoke = useRevokeToken()
  return (
    <Section title="Open commands" flush>
      {revoke.isError && <ErrorState what="The command was not revoked." error={revoke.error} />}
      <ul aria-label="Open commands">
        {tokens.map((token) => (
          <OpenToken
            key={token.id}
            token={token}
            busy={revoke.isPending}
            onRevoke={() => revoke.mutate(token)}
          />
        ))}
      </ul>
      {tokens.length === 0 && <p className="p-3 text-mute">No command waits for a host.</p>}
    </Section>
  )
}

interface Props {
  token: EnrollmentToken
  busy: boolean
  onRevoke: () => void
}

function OpenToken({ token, busy, onRevoke }: Props) {
  const left = timeLeft(token.expires_at, useNow())
  const at = clockTime(Date.parse(token.created_at))
  return (
    <li
      className={cx(
        'flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1',
        'border-b border-line px-3 py-1 last:border-0',
      )}
    >
      <span>
        Made at <time dateTime={token.created_at}>{at}</time>
        {token.created_by_name && ` by ${token.created_by_name}`}
      </span>
      <LabelChips labels={token.labels} />
      <span className="tabular text-mute">{left === undefined ? 'expired' : `${left} left`}</span>
      <Button
        kind="danger"
        className="ml-auto"
        aria-label={`Revoke the command made at ${at}`}
        disabled={busy}
        onClick={onRevoke}
      >
        Revoke
      </Button>
    </li>
  )
}

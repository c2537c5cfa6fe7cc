// Somebody else saved meanwhile. Nothing is taken away: one looks at it, then moves the own edits onto it.
import { History } from 'lucide-react'

import { Button } from '@/components/button'
import { TimeAgo } from '@/components/time-ago'
import type { Conflict } from '@/features/editor/use-conflict'
import { counted } from '@/lib/format'
import { useMe } from '@/lib/use-me'

interface Props {
  conflict: Conflict
  base: number
  readable: boolean
  onCompare: () => void
  onMove: () => void
}

export function ConflictBanner({ conflict, base, readable, onCompare, onMove }: Props) {
  const me = useMe().data
  const { version } = conflict.runbook
  const who = version.created_by === me?.id ? 'You' : version.created_by_name
  const { compared, both } = conflict
  const reason = !readable
    ? 'Mend the YAML first.'
    : compared
      ? undefined
      : conflict.error
        ? `Version ${version.version_number} could not be loaded.`
        : `Version ${version.version_number} is being loaded.`
  return (
    <div
      role="status"
      className={
        'flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-accent-bg px-4 py-2'
      }
    >
      <History aria-hidden size={16} className="shrink-0 text-accent" />
      <p className="mr-auto min-w-0">
        <b className="font-semibold">
          {who} saved v{version.version_number} <TimeAgo time={version.created_at} />.
        </b>{' '}
        Your draft starts from v{base}.{' '}
        {compared &&
          (both === 0 ? 'Nothing was changed on both sides.' : `${bothText(conflict)} on both sides.`)}
      </p>
      <Button reason={reason} onClick={onCompare}>
        Compare
      </Button>
      <Button reason={reason} onClick={onMove}>
        Move my edits onto v{version.version_number}
      </Button>
    </div>
  )
}

function bothText({ compared, both }: Conflict): string {
  const blocks = compared?.differences.filter((one) => one.conflict && one.kind === 'block').length ?? 0
  if (blocks === both) return `${counted(both, 'block')} changed`
  return `${counted(both, 'thing')} changed`
}

// An execution as one row of a list: the whole row leads to it.
import type { ReactNode } from 'react'
import { Link } from 'react-router'

import { cx } from '@/components/class-names'
import { StatusIcon, statusWord } from '@/components/status'
import type { ExecutionSummary } from '@/lib/model'
import { paths } from '@/lib/paths'

interface Props {
  run: ExecutionSummary
  to?: string
  children?: ReactNode // facts, at the right
}

export function RunRow({ run, to, children }: Props) {
  return (
    <li className="border-b border-line last:border-0">
      <Link
        to={to ?? paths.execution(run.id)}
        className={cx(
          'flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5 hover:bg-raised',
          'max-md:min-h-11',
        )}
      >
        <StatusIcon status={run.status} />
        <span className="sr-only">{statusWord(run.status)}: </span>
        <span className="min-w-0 font-semibold break-words">{run.title}</span>
        <span className="font-mono text-small text-mute">v{run.version_number}</span>
        <span className="text-mute">
          {run.requested_by_name}
          {run.reason && `, ${run.reason}`}
        </span>
        <span className="ml-auto flex flex-wrap items-center gap-x-4 text-mute">{children}</span>
      </Link>
    </li>
  )
}

export function stepText({ progress }: Pick<ExecutionSummary, 'progress'>): string {
  return progress.step === 0 ? `${progress.of} steps` : `step ${progress.step} of ${progress.of}`
}

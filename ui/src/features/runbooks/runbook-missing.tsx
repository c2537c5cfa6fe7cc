// A runbook, or a version of one, that is not there.
import { BookX } from 'lucide-react'
import { Link } from 'react-router'

import { buttonClass } from '@/components/button'
import { EmptyState, ErrorState } from '@/components/notice'
import { Page } from '@/components/page'
import { toApiError } from '@/lib/api-client'
import { paths } from '@/lib/paths'

interface Props {
  title: string // of the page: Runbook, Versions
  error: unknown
  onRetry: () => void
}

export function RunbookMissing({ title, error, onRetry }: Props) {
  const { status } = toApiError(error)
  return (
    <Page title={title}>
      {status === 404 ? (
        <EmptyState
          icon={BookX}
          action={
            <Link to={paths.runbooks} className={buttonClass('plain')}>
              Go to the runbooks
            </Link>
          }
        >
          This runbook is not there: it was deleted, or the address is wrong. What it ran stays under
          Executions.
        </EmptyState>
      ) : (
        <ErrorState what="This runbook could not be loaded." error={error} onRetry={onRetry} />
      )}
    </Page>
  )
}

// A new host: choose labels, paste one command on it, and see it appear.
import { useState } from 'react'

import { ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { RequireRight } from '@/components/require-right'
import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { useTokenEvents, useTokens } from '@/features/hosts/api'
import { EnrolCommand } from '@/features/hosts/enrol-command'
import { EnrolProblems } from '@/features/hosts/enrol-problems'
import { EnrolledHosts } from '@/features/hosts/enrolled-hosts'
import { OpenTokens } from '@/features/hosts/open-tokens'
import type { EnrollmentToken, NewEnrollmentToken } from '@/lib/model'

export function EnrolPage() {
  return (
    <Page title="Enrol a host">
      <BreadcrumbEnd title="Enrol" />
      <RequireRight right="admin" needs="admin" givenBy="admin" what="enrol hosts">
        <Enrol />
      </RequireRight>
    </Page>
  )
}

const isOpen = (token: EnrollmentToken) => token.status === 'open'

function Enrol() {
  const [made, setMade] = useState<NewEnrollmentToken>()
  const [watch, setWatch] = useState(false)
  const tokens = useTokens(watch)
  useTokenEvents()
  const anyOpen = tokens.data?.some(isOpen) ?? false
  if (watch !== anyOpen) setWatch(anyOpen)
  const now = made && tokens.data?.find((token) => token.id === made.id)
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-4">
        <EnrolCommand made={made} status={now?.status ?? 'open'} onMade={setMade} />
        <EnrolProblems command={made?.command} />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        {tokens.isError && !tokens.data ? (
          <ErrorState
            what="The tokens could not be loaded."
            error={tokens.error}
            onRetry={() => void tokens.refetch()}
          />
        ) : tokens.isPending ? (
          <SkeletonRows rows={3} />
        ) : (
          <>
            <EnrolledHosts tokens={tokens.data.filter((token) => token.agent_id !== null)} />
            <OpenTokens tokens={tokens.data.filter(isOpen)} />
          </>
        )}
      </div>
    </div>
  )
}

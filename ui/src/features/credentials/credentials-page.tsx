import { KeyRound, Plus, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'

import { Button } from '@/components/button'
import { type Column, DataTable } from '@/components/data-table'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { RequireRight } from '@/components/require-right'
import { TimeAgo } from '@/components/time-ago'
import { useCredentials } from '@/features/credentials/api'
import { DeleteCredentialDialog } from '@/features/credentials/delete-credential-dialog'
import { NewCredentialDialog } from '@/features/credentials/new-credential-dialog'
import { ReplaceSecretDialog } from '@/features/credentials/replace-secret-dialog'
import type { Credential } from '@/lib/model'
import { paths } from '@/lib/paths'
import { whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'

type Question = { about: 'replace' | 'delete'; credential: Credential }

export function CredentialsPage() {
  const [making, setMaking] = useState(false)
  const reason = whyNot(useMe().data?.roles ?? [], 'admin')
  const add = (
    <Button
      kind="primary"
      icon={<Plus aria-hidden size={15} />}
      reason={reason}
      onClick={() => setMaking(true)}
    >
      New credential
    </Button>
  )
  return (
    <Page title="Credentials" actions={add}>
      <RequireRight right="credentials" needs="operator" givenBy="admin" what="see credentials">
        <Credentials whyNotChange={reason} />
      </RequireRight>
      {making && <NewCredentialDialog onClose={() => setMaking(false)} />}
    </Page>
  )
}

function Credentials({ whyNotChange }: { whyNotChange: string | undefined }) {
  const credentials = useCredentials()
  const [question, setQuestion] = useState<Question>()
  const items = credentials.data?.pages.flatMap((page) => page.items) ?? []
  const close = () => setQuestion(undefined)
  if (credentials.isError && !credentials.data)
    return (
      <ErrorState
        what="The credentials could not be loaded."
        error={credentials.error}
        onRetry={() => void credentials.refetch()}
      />
    )
  if (credentials.isPending) return <SkeletonRows />
  if (items.length === 0)
    return (
      <EmptyState icon={KeyRound}>
        There are no credentials yet. Commands and API calls use them by name; nobody sees the secret again.
      </EmptyState>
    )
  return (
    <>
      <DataTable
        label="Credentials"
        columns={credentialColumns(whyNotChange, setQuestion)}
        items={items}
        rowKey={(credential) => credential.id}
        virtual
        onNearEnd={() =>
          credentials.hasNextPage && !credentials.isFetchingNextPage && void credentials.fetchNextPage()
        }
      />
      {credentials.hasNextPage && (
        <Button
          className="mt-3"
          disabled={credentials.isFetchingNextPage}
          onClick={() => void credentials.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      {question?.about === 'replace' && (
        <ReplaceSecretDialog credential={question.credential} onClose={close} />
      )}
      {question?.about === 'delete' && (
        <DeleteCredentialDialog credential={question.credential} onClose={close} />
      )}
    </>
  )
}

const kTypes: Record<Credential['type'], string> = { api: 'API token', ssh: 'SSH key' }

function credentialColumns(
  reason: string | undefined,
  ask: (question: Question) => void,
): Column<Credential>[] {
  return [
    {
      name: 'Name',
      className: 'md:w-52',
      cell: (item) => <code className="font-mono text-small font-semibold">{item.name}</code>,
    },
    { name: 'Type', className: 'md:w-28 max-md:hidden', cell: (item) => kTypes[item.type] },
    { name: 'Used by', className: 'max-md:hidden', cell: (item) => <UsedBy credential={item} /> },
    {
      name: 'Last used',
      className: 'md:w-28 text-mute max-lg:hidden',
      cell: (item) => <TimeAgo time={item.last_used_at} />,
    },
    {
      name: 'Rotated',
      className: 'md:w-28 text-mute max-lg:hidden',
      cell: (item) => <TimeAgo time={item.rotated_at ?? item.created_at} />,
    },
    { name: 'Owner', className: 'md:w-28 max-md:hidden', cell: (item) => item.created_by_name },
    {
      name: 'Change',
      hideName: true,
      className: 'md:w-72 text-right',
      cell: (item) => (
        <span className="inline-flex gap-2">
          <Button
            icon={<RefreshCw aria-hidden size={14} />}
            aria-label={`Replace the secret of ${item.name}`}
            reason={reason}
            onClick={() => ask({ about: 'replace', credential: item })}
          >
            <span className="max-md:sr-only">Replace</span>
          </Button>
          <Button
            kind="danger"
            icon={<Trash2 aria-hidden size={14} />}
            aria-label={`Delete ${item.name}`}
            reason={reason}
            onClick={() => ask({ about: 'delete', credential: item })}
          >
            <span className="max-md:sr-only">Delete</span>
          </Button>
        </span>
      ),
    },
  ]
}

const kTitles = 3

function UsedBy({ credential }: { credential: Credential }) {
  const { used_by: runbooks } = credential
  if (runbooks.length === 0) return <span className="text-faint">no runbook</span>
  const more = runbooks.length - kTitles
  return (
    <>
      {runbooks.slice(0, kTitles).map(({ runbook_id, title }, at) => (
        <span key={runbook_id}>
          {at > 0 && ', '}
          <Link to={paths.runbook(runbook_id)} className="rounded-sm hover:text-accent">
            {title}
          </Link>
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </>
  )
}

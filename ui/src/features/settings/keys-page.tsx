import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'

import { Button } from '@/components/button'
import { type Column, DataTable } from '@/components/data-table'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { RequireRight } from '@/components/require-right'
import { StatusText } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import { useKeys } from '@/features/settings/api'
import { keyState } from '@/features/settings/key-state'
import { NewKeyDialog } from '@/features/settings/new-key-dialog'
import { RevokeKeyDialog } from '@/features/settings/revoke-key-dialog'
import { SettingsFrame } from '@/features/settings/settings-frame'
import { type Grant, grantText, grantsText, isLimited } from '@/lib/grants'
import type { ApiKey } from '@/lib/model'
import { whyNot } from '@/lib/permissions'
import { exactTime } from '@/lib/time'
import { useMe } from '@/lib/use-me'
import { useNow } from '@/lib/use-now'

export function KeysPage() {
  const [making, setMaking] = useState(false)
  const reason = whyNot(useMe().data?.roles ?? [], 'admin')
  return (
    <SettingsFrame
      title="Keys"
      actions={
        <Button
          kind="primary"
          icon={<Plus aria-hidden size={15} />}
          reason={reason}
          onClick={() => setMaking(true)}
        >
          New key
        </Button>
      }
    >
      <RequireRight right="admin" needs="admin" givenBy="admin" what="see and make keys">
        <Keys />
      </RequireRight>
      {making && <NewKeyDialog onClose={() => setMaking(false)} />}
    </SettingsFrame>
  )
}

function Keys() {
  const keys = useKeys()
  const [revoking, setRevoking] = useState<ApiKey>()
  const items = keys.data?.pages.flatMap((page) => page.items) ?? []
  if (keys.isError && !keys.data)
    return (
      <ErrorState
        what="The keys could not be loaded."
        error={keys.error}
        onRetry={() => void keys.refetch()}
      />
    )
  if (keys.isPending) return <SkeletonRows />
  if (items.length === 0) return <EmptyState icon={KeyRound}>There are no keys yet.</EmptyState>
  return (
    <>
      <DataTable
        label="Keys"
        columns={keyColumns(setRevoking)}
        items={items}
        rowKey={(key) => key.id}
        virtual
        onNearEnd={() => keys.hasNextPage && !keys.isFetchingNextPage && void keys.fetchNextPage()}
      />
      {keys.hasNextPage && (
        <div>
          <Button disabled={keys.isFetchingNextPage} onClick={() => void keys.fetchNextPage()}>
            Show older keys
          </Button>
        </div>
      )}
      {revoking && <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  )
}

function keyColumns(onRevoke: (key: ApiKey) => void): Column<ApiKey>[] {
  return [
    { name: 'Name', cell: (key) => <span className="font-semibold">{key.name}</span> },
    {
      name: 'Prefix',
      className: 'md:w-32 max-xl:hidden',
      cell: (key) => <code className="font-mono text-small text-mute">{key.prefix}</code>,
    },
    { name: 'Owner', className: 'md:w-28', cell: (key) => key.owner },
    {
      name: 'Roles',
      className: 'md:min-w-40 text-mute max-md:hidden',
      cell: (key) => <Roles grants={key.roles} />,
    },
    {
      name: 'Created',
      className: 'md:w-28 text-mute max-2xl:hidden',
      cell: (key) => <TimeAgo time={key.created_at} />,
    },
    { name: 'Expires', className: 'md:w-52 text-mute max-md:hidden', cell: (key) => <Expiry apiKey={key} /> },
    {
      name: 'Last used',
      className: 'md:w-28 text-mute max-md:hidden',
      cell: (key) => <TimeAgo time={key.last_used_at} />,
    },
    {
      name: 'Revoke',
      hideName: true,
      className: 'md:w-28 text-right',
      cell: (key) => <Revoke apiKey={key} onRevoke={() => onRevoke(key)} />,
    },
  ]
}

function Roles({ grants }: { grants: readonly Grant[] }) {
  if (!grants.some(isLimited)) return grantsText(grants)
  return grants.map((grant) => (
    <p key={grantText(grant)} className="break-words">
      {grantText(grant)}
    </p>
  ))
}

function Expiry({ apiKey }: { apiKey: ApiKey }) {
  const state = keyState(apiKey, useNow())
  if (apiKey.expires_at === null) return <>never</>
  if (state === 'expired') return <StatusText status="timed_out">Expired</StatusText>
  return <time dateTime={apiKey.expires_at}>{exactTime(apiKey.expires_at)}</time>
}

function Revoke({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  if (apiKey.revoked_at !== null) return <StatusText status="revoked" />
  return (
    <Button kind="danger" aria-label={`Revoke ${apiKey.name}`} onClick={onRevoke}>
      Revoke
    </Button>
  )
}

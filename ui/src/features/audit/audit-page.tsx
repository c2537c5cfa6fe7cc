import { Download, ScrollText } from 'lucide-react'
import { useState } from 'react'

import { Button } from '@/components/button'
import { type Column, DataTable } from '@/components/data-table'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { RequireRight } from '@/components/require-right'
import { StatusText } from '@/components/status'
import { useAudit, useExport } from '@/features/audit/api'
import { AuditDetails } from '@/features/audit/audit-details'
import { type AuditFilter, isFiltered, noFilter, useAuditFilter } from '@/features/audit/audit-filter'
import { AuditFilterBar } from '@/features/audit/audit-filter-bar'
import { ChainBadge } from '@/features/audit/chain-badge'
import { keyText, objectText, personText } from '@/features/audit/event-words'
import type { AuditEvent } from '@/lib/model'
import { may } from '@/lib/permissions'
import { exactTime } from '@/lib/time'
import { useMe } from '@/lib/use-me'

export function AuditPage() {
  const [filter, change] = useAuditFilter()
  const allowed = may(useMe().data?.roles ?? [], 'admin')
  return (
    <Page
      title="Audit"
      heading={allowed && <ChainBadge />}
      actions={allowed && <Export filter={filter} />}
      below={allowed && <AuditFilterBar filter={filter} onChange={change} />}
    >
      <RequireRight right="admin" needs="admin" givenBy="admin" what="see the audit trail">
        <Trail filter={filter} onClear={() => change(noFilter)} />
      </RequireRight>
    </Page>
  )
}

function Export({ filter }: { filter: AuditFilter }) {
  const save = useExport()
  return (
    <>
      <Button
        icon={<Download aria-hidden size={15} />}
        disabled={save.isPending}
        onClick={() => save.mutate(filter)}
      >
        {save.isPending ? 'Exporting…' : 'Export JSON lines'}
      </Button>
      {save.isError && <ErrorState what="The trail was not exported." error={save.error} />}
    </>
  )
}

const timeColumn = (onOpen: (event: AuditEvent) => void): Column<AuditEvent> => ({
  name: 'Time',
  className: 'md:w-52',
  cell: (event) => (
    <button
      type="button"
      aria-label={`Event ${event.id}, ${exactTime(event.at)}`}
      onClick={() => onOpen(event)}
      className="min-h-6 rounded-sm hover:text-accent"
    >
      <time dateTime={event.at}>{exactTime(event.at)}</time>
    </button>
  ),
})

const columns: Column<AuditEvent>[] = [
  { name: 'Who', className: 'md:w-28 max-md:hidden', cell: personText },
  { name: 'Key', className: 'md:w-32 text-mute max-xl:hidden', cell: keyText },
  {
    name: 'Action',
    className: 'md:w-48',
    cell: (event) => <code className="font-mono text-small">{event.action}</code>,
  },
  { name: 'Object', className: 'max-md:hidden', cell: objectText },
  {
    name: 'Result',
    className: 'md:w-28',
    cell: (event) => <Result result={event.result} />,
  },
  {
    name: 'Address',
    className: 'md:w-36 max-lg:hidden',
    cell: (event) => <span className="font-mono text-small text-mute">{event.address ?? '–'}</span>,
  },
]

function Result({ result }: { result: AuditEvent['result'] }) {
  if (result === 'done') return <StatusText status="success">Done</StatusText>
  return <StatusText status="failed">Refused</StatusText>
}

function Trail({ filter, onClear }: { filter: AuditFilter; onClear: () => void }) {
  const audit = useAudit(filter)
  const [open, setOpen] = useState<AuditEvent>()
  const items = audit.data?.pages.flatMap((page) => page.items) ?? []
  if (audit.isError && !audit.data)
    return (
      <ErrorState
        what="The audit trail could not be loaded."
        error={audit.error}
        onRetry={() => void audit.refetch()}
      />
    )
  if (audit.isPending) return <SkeletonRows rows={10} />
  if (items.length === 0) return <None filtered={isFiltered(filter)} onClear={onClear} />
  return (
    <>
      <DataTable
        label="Audit trail"
        columns={[timeColumn(setOpen), ...columns]}
        items={items}
        rowKey={(event) => String(event.id)}
        onOpen={setOpen}
        virtual
        onNearEnd={() => audit.hasNextPage && !audit.isFetchingNextPage && void audit.fetchNextPage()}
      />
      {audit.hasNextPage && (
        <Button
          className="mt-3"
          disabled={audit.isFetchingNextPage}
          onClick={() => void audit.fetchNextPage()}
        >
          Show older events
        </Button>
      )}
      {open && <AuditDetails event={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function None({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered)
    return (
      <EmptyState icon={ScrollText} action={<Button onClick={onClear}>Clear the filters</Button>}>
        No event matches the filters.
      </EmptyState>
    )
  return <EmptyState icon={ScrollText}>Nothing was changed or refused yet.</EmptyState>
}

import { Server } from 'lucide-react'
import { useSearchParams } from 'react-router'

import { Button } from '@/components/button'
import { type Column, DataTable } from '@/components/data-table'
import { controlClass } from '@/components/field'
import { LabelChips } from '@/components/label-chips'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { SearchBox } from '@/components/search-box'
import { StatusText, statusWord } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import type { Agent, AgentStatus } from '@/lib/model'
import { useAgents } from '@/modules/fleet/api'

const kStates: AgentStatus[] = ['online', 'offline', 'draining', 'revoked']

const columns: Column<Agent>[] = [
  { name: 'Host', cell: (agent) => <span className="font-mono text-small font-semibold">{agent.host}</span> },
  { name: 'State', cell: (agent) => <StatusText status={agent.status} /> },
  { name: 'Labels', className: 'max-md:hidden', cell: (agent) => <LabelChips labels={agent.labels} /> },
  {
    name: 'System',
    className: 'text-mute max-lg:hidden',
    cell: (agent) => [agent.os, agent.arch].filter(Boolean).join(', ') || '–',
  },
  {
    name: 'Agent version',
    className: 'max-md:hidden',
    cell: (agent) => <span className="font-mono text-small text-mute">{agent.version || '–'}</span>,
  },
  { name: 'Last seen', className: 'w-32 text-mute', cell: (agent) => <TimeAgo time={agent.last_seen} /> },
]

export function HostsPage() {
  const [search, setSearch] = useSearchParams()
  const filter = { name: search.get('name') ?? '', status: search.get('status') ?? '' }
  const agents = useAgents(filter)
  const items = agents.data?.pages.flatMap((page) => page.items) ?? []
  const change = (part: Partial<typeof filter>) => {
    const next = Object.entries({ ...filter, ...part }).filter(([, value]) => value !== '')
    setSearch(Object.fromEntries(next), { replace: true })
  }
  return (
    <Page
      title="Hosts"
      actions={
        <>
          <select
            aria-label="State"
            value={filter.status}
            onChange={(event) => change({ status: event.target.value })}
            className={`${controlClass} h-7 w-40 max-md:h-11`}
          >
            <option value="">Every state</option>
            {kStates.map((state) => (
              <option key={state} value={state}>
                {statusWord(state)}
              </option>
            ))}
          </select>
          <SearchBox
            label="Filter by name"
            value={filter.name}
            onChange={(name) => change({ name })}
            className="w-56"
          />
        </>
      }
    >
      {agents.isError && !agents.data ? (
        <ErrorState
          what="The hosts could not be loaded."
          error={agents.error}
          onRetry={() => void agents.refetch()}
        />
      ) : agents.isPending ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <NoHosts
          filtered={filter.name !== '' || filter.status !== ''}
          onClear={() => change({ name: '', status: '' })}
        />
      ) : (
        <DataTable label="Hosts" columns={columns} items={items} rowKey={(agent) => agent.id} />
      )}
      {agents.hasNextPage && (
        <Button
          className="mt-3"
          disabled={agents.isFetchingNextPage}
          onClick={() => void agents.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Page>
  )
}

function NoHosts({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered)
    return (
      <EmptyState icon={Server} action={<Button onClick={onClear}>Clear the filters</Button>}>
        No host matches the filters.
      </EmptyState>
    )
  return (
    <EmptyState icon={Server}>
      No host is enrolled yet. An administrator makes an enrolment token with{' '}
      <code className="font-mono">POST /enrollment-tokens</code> and pastes the command it answers on the
      host.
    </EmptyState>
  )
}

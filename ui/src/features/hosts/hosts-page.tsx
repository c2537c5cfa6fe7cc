import { Plus, Server } from 'lucide-react'
import { Link, useNavigate } from 'react-router'

import { Button, buttonClass } from '@/components/button'
import { type Column, DataTable } from '@/components/data-table'
import { LabelChips } from '@/components/label-chips'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { SearchBox } from '@/components/search-box'
import { StatusText } from '@/components/status'
import { TimeAgo } from '@/components/time-ago'
import { useWorkEvents } from '@/features/hosts/api'
import {
  type HostFilter,
  agentFilter,
  isFiltered,
  noFilter,
  toggleRequirement,
  useHostFilter,
} from '@/features/hosts/host-filter'
import { SelectorFilter } from '@/features/hosts/selector-filter'
import { StateFilter } from '@/features/hosts/state-filter'
import { toApiError } from '@/lib/api-client'
import { count } from '@/lib/format'
import type { Agent, AgentCounts } from '@/lib/model'
import { paths } from '@/lib/paths'
import { may, whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'
import { useAgentCounts, useAgents } from '@/modules/fleet/api'
import { isOutdated } from '@/modules/fleet/outdated'

export function HostsPage() {
  const [filter, change] = useHostFilter()
  const agents = useAgents(agentFilter(filter))
  const counts = useAgentCounts({ name: filter.name, selector: filter.selector })
  const navigate = useNavigate()
  const me = useMe().data
  useWorkEvents()
  const items = agents.data?.pages.flatMap((page) => page.items) ?? []
  const refused = agents.isError ? toApiError(agents.error).faultAt('/selector') : undefined
  const pick = (label: string) => change({ selector: toggleRequirement(filter.selector, label) })

  return (
    <Page
      title="Hosts"
      actions={<EnrolLink />}
      below={
        <div className="flex flex-col gap-2">
          <div className="flex flex-wrap items-start gap-2">
            <SelectorFilter
              value={filter.selector}
              onChange={(selector) => change({ selector })}
              refused={refused}
            />
            <SearchBox
              label="Filter by name"
              value={filter.name}
              onChange={(name) => change({ name })}
              className="w-56 max-md:w-full"
            />
          </div>
          <StateFilter counts={counts.data} value={filter.state} onChange={(state) => change({ state })} />
        </div>
      }
    >
      {agents.isError && refused === undefined && !agents.data ? (
        <ErrorState
          what="The hosts could not be loaded."
          error={agents.error}
          onRetry={() => void agents.refetch()}
        />
      ) : agents.isPending ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <NoHosts
          filtered={isFiltered(filter)}
          mayEnrol={may(me?.roles ?? [], 'admin')}
          onClear={() => change(noFilter)}
        />
      ) : (
        <DataTable
          label="Hosts"
          columns={hostColumns(me?.version, pick)}
          items={items}
          rowKey={(agent) => agent.id}
          onOpen={(agent) => void navigate(paths.host(agent.id))}
          virtual
          total={totalOf(counts.data, filter)}
          onNearEnd={() => agents.hasNextPage && !agents.isFetchingNextPage && void agents.fetchNextPage()}
        />
      )}
      {agents.hasNextPage && (
        <More
          shown={items.length}
          busy={agents.isFetchingNextPage}
          onMore={() => void agents.fetchNextPage()}
        />
      )}
    </Page>
  )
}

function More({ shown, busy, onMore }: { shown: number; busy: boolean; onMore: () => void }) {
  return (
    <p className="mt-3 flex flex-wrap items-center gap-3 text-mute">
      <span className="tabular">{count(shown)} hosts loaded.</span>
      <Button disabled={busy} onClick={onMore}>
        Load more
      </Button>
    </p>
  )
}

function totalOf(counts: AgentCounts | undefined, filter: HostFilter): number | undefined {
  if (!counts) return undefined
  if (filter.state !== '') return counts[filter.state]
  return counts.online + counts.offline + counts.draining + counts.revoked
}

function hostColumns(version: string | undefined, onPick: (label: string) => void): Column<Agent>[] {
  return [
    {
      name: 'Host',
      className: 'md:w-56',
      cell: (agent) => (
        <Link
          to={paths.host(agent.id)}
          className="rounded-sm font-mono text-small font-semibold hover:text-accent"
        >
          {agent.host}
        </Link>
      ),
    },
    { name: 'State', className: 'md:w-32', cell: (agent) => <StatusText status={agent.status} /> },
    {
      name: 'Labels',
      className: 'max-md:hidden',
      cell: (agent) => <LabelChips labels={agent.labels} onPick={onPick} oneLine />,
    },
    {
      name: 'System',
      className: 'md:w-52 text-mute max-2xl:hidden',
      cell: (agent) => [agent.os, agent.arch].filter(Boolean).join(', ') || '–',
    },
    {
      name: 'Agent version',
      className: 'md:w-44 max-lg:hidden',
      cell: (agent) => <Version agent={agent} current={version} />,
    },
    {
      name: 'Running now',
      className: 'md:w-28 tabular max-md:hidden',
      cell: (agent) =>
        agent.running > 0 ? (
          <StatusText status="running">{count(agent.running)}</StatusText>
        ) : (
          <span className="text-faint">0</span>
        ),
    },
    {
      name: 'Last seen',
      className: 'md:w-28 text-mute',
      cell: (agent) => <TimeAgo time={agent.last_seen} />,
    },
  ]
}

function Version({ agent, current }: { agent: Agent; current: string | undefined }) {
  return (
    <span className="inline-flex items-center gap-2">
      <span className="font-mono text-small text-mute">{agent.version || '–'}</span>
      {isOutdated(agent, current) && <StatusText status="outdated" />}
    </span>
  )
}

function EnrolLink() {
  const reason = whyNot(useMe().data?.roles ?? [], 'admin')
  const navigate = useNavigate()
  return (
    <Button
      kind="primary"
      icon={<Plus aria-hidden size={15} />}
      reason={reason}
      onClick={() => void navigate(paths.enrol)}
    >
      Enrol a host
    </Button>
  )
}

interface NoneProps {
  filtered: boolean
  mayEnrol: boolean
  onClear: () => void
}

function NoHosts({ filtered, mayEnrol, onClear }: NoneProps) {
  if (filtered)
    return (
      <EmptyState icon={Server} action={<Button onClick={onClear}>Clear the filters</Button>}>
        No host matches the filters.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={Server}
      action={
        mayEnrol && (
          <Link to={paths.enrol} className={buttonClass('primary')}>
            Enrol the first host
          </Link>
        )
      }
    >
      No host is enrolled yet. {!mayEnrol && 'An administrator can enrol one.'}
    </EmptyState>
  )
}

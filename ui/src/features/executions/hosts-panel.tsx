// The hosts of a step: counts by state that filter, cells or a table, and what can be done with several.
// Beyond 200 hosts the counts and the hosts with a problem come first, the others when asked for.
import { Grid2x2, Table2 } from 'lucide-react'
import { useCallback, useEffect, useMemo, useState } from 'react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { IconButton } from '@/components/icon-button'
import { ErrorState } from '@/components/notice'
import { StatusText, isProblem, statusWord } from '@/components/status'
import { useAllHosts } from '@/features/executions/api'
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import { HostActions } from '@/features/executions/host-actions'
import { type Sorting, inOrder, sorted } from '@/features/executions/host-list'
import { HostMatrix } from '@/features/executions/host-matrix'
import { type Arrange, useHostOrder } from '@/features/executions/host-order'
import { HostTable } from '@/features/executions/host-table'
import { type ExecutionFacts, type Hosts, hostTotal, keptSince } from '@/features/executions/live-execution'
import { stepNumber } from '@/features/executions/step-facts'
import { useFeed } from '@/features/executions/use-live-execution'
import { count, counted } from '@/lib/format'
import { useConnection } from '@/lib/live'
import type { Step, StepHost } from '@/lib/model'
import { usePreferences } from '@/lib/preferences'

export const kManyHosts = 200
const kNone: Hosts = {}
const kStates = [
  'success',
  'error',
  'timed_out',
  'unreachable',
  'unknown',
  'stopped',
  'not_started',
  'running',
  'dispatched',
  'queued',
]

interface Props {
  feed: ExecutionFeed
  execution: ExecutionFacts
  step: Step
  steps: Step[]
  selected: string | undefined
  onSelect: (agent: string | undefined) => void
}

// Use with a key: one per step.
export function HostsPanel({ feed, execution, step, steps, selected, onSelect }: Props) {
  const total = hostTotal(step)
  const [state, setState] = useState<string>()
  const [everyone, setEveryone] = useState(false)
  const [sorting, setSorting] = useState<Sorting>({ by: 'host', down: false })
  const { hostTable, problemsFirst } = usePreferences()
  const filter = state !== undefined && step.host_counts[state] ? state : undefined
  const onlyProblems = total > kManyHosts && !everyone && filter === undefined
  const { chosen, toggle, clear } = useChosen()

  const arrange = useCallback<Arrange>(
    (hosts) => {
      const shown = hosts.filter((host) => isShown(host, filter, onlyProblems))
      return hostTable ? sorted(shown, sorting, Date.now()) : inOrder(shown, problemsFirst)
    },
    [filter, onlyProblems, hostTable, sorting, problemsFirst],
  )
  const order = useHostOrder(feed, step.id, arrange)
  const loading = useLoading(feed, step, onlyProblems)
  if (total === 0) return null
  const shownHosts = { feed, step: step.id, order, selected, chosen, onSelect, onToggle: toggle }
  return (
    <section aria-label={`Hosts of step ${stepNumber(step)}`} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h2 className="mr-1 font-semibold">
          Step {stepNumber(step)} {total === 1 ? 'host' : 'hosts'}
        </h2>
        <Counts counts={step.host_counts} state={filter} onState={setState} />
        {total > kManyHosts && (
          <Button kind="quiet" onClick={() => setEveryone(!everyone)}>
            {everyone ? 'Problems only' : `Show all ${counted(total, 'host')}`}
          </Button>
        )}
        <div className="ml-auto flex items-center gap-1.5">
          <HostActions {...{ feed, execution, step, steps, chosen, order, onClear: clear }} />
          <ViewSwitch />
        </div>
      </div>
      {loading.isError && (
        <ErrorState
          what="The hosts could not be loaded."
          error={loading.error}
          onRetry={() => void loading.refetch()}
        />
      )}
      {order.length === 0 ? (
        <Nobody onlyProblems={onlyProblems} loading={loading.isFetching || loading.lacking} />
      ) : hostTable ? (
        <HostTable {...shownHosts} sorting={sorting} onSort={setSorting} />
      ) : (
        <HostMatrix {...shownHosts} />
      )}
    </section>
  )
}

function isShown(host: StepHost, filter: string | undefined, onlyProblems: boolean): boolean {
  return filter !== undefined ? host.status === filter : !onlyProblems || isProblem(host.status)
}

// Only the first 200 hosts come by themselves; the others are read when they are to be shown.
function useLoading(feed: ExecutionFeed, step: Step, onlyProblems: boolean) {
  const hosts = useFeed(feed, (state) => state.hosts[step.id] ?? kNone)
  const wanted = onlyProblems
    ? Object.entries(step.host_counts).reduce(
        (sum, [state, there]) => sum + (isProblem(state) ? there : 0),
        0,
      )
    : hostTotal(step)
  const known = useMemo(
    () => Object.values(hosts).filter((host) => !onlyProblems || isProblem(host.status)).length,
    [hosts, onlyProblems],
  )
  // The first hosts come with the live snapshot, unless there is none.
  const { phase } = useConnection()
  const snapshot = useFeed(feed, (state) => state.seq >= 0)
  const since = useFeed(feed, (state) => keptSince(state, step.id))
  const doubt = useFeed(feed, (state) => state.kept[step.id]?.doubt ?? false)
  const lacking = known < wanted
  const lost = phase === 'lost'
  const all = useAllHosts(feed.id, step.id, since, lost || (snapshot && (lacking || doubt)))
  // The same answer once more is the same object, and may still be what is missing.
  const { data, dataUpdatedAt: at } = all
  useEffect(() => {
    if (data) feed.loaded(step.id, data, { since, at })
  }, [data, at, since, lacking, doubt, feed, step.id])
  return { ...all, lacking }
}

function useChosen() {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set<string>())
  const toggle = useCallback(
    (agent: string) =>
      setChosen((old) => {
        const next = new Set(old)
        if (!next.delete(agent)) next.add(agent)
        return next
      }),
    [],
  )
  return { chosen, toggle, clear: useCallback(() => setChosen(new Set<string>()), []) }
}

interface CountsProps {
  counts: Record<string, number>
  state: string | undefined
  onState: (state: string | undefined) => void
}

function Counts({ counts, state, onState }: CountsProps) {
  const named = [...kStates, ...Object.keys(counts).filter((each) => !kStates.includes(each))]
  return named.map((each) => {
    const there = counts[each]
    if (!there) return null
    return (
      <button
        key={each}
        type="button"
        aria-pressed={state === each}
        onClick={() => onState(state === each ? undefined : each)}
        className={cx(
          'h-7 rounded-md border px-1.5 hover:bg-raised max-md:h-11',
          state === each ? 'border-line2 bg-raised' : 'border-transparent',
        )}
      >
        <StatusText status={each}>{`${count(there)} ${statusWord(each).toLowerCase()}`}</StatusText>
      </button>
    )
  })
}

function Nobody({ onlyProblems, loading }: { onlyProblems: boolean; loading: boolean }) {
  const text = loading
    ? 'Loading the hosts…'
    : onlyProblems
      ? 'No host has a problem.'
      : 'No host to show yet.'
  return <p className="py-1 text-mute">{text}</p>
}

function ViewSwitch() {
  const { hostTable, problemsFirst, set } = usePreferences()
  const shared = 'rounded-none first:rounded-l-md last:rounded-r-md'
  return (
    <div role="group" aria-label="How hosts are shown" className="flex items-center gap-1.5">
      {!hostTable && (
        <button
          type="button"
          aria-pressed={problemsFirst}
          onClick={() => set({ problemsFirst: !problemsFirst })}
          className={cx(
            'h-7 rounded-md px-2 text-small max-md:h-11',
            problemsFirst ? 'bg-raised font-medium' : 'text-mute hover:bg-raised',
          )}
        >
          Problems first
        </button>
      )}
      <div className="flex rounded-md border border-line2">
        <IconButton
          name="Cells"
          aria-pressed={!hostTable}
          className={cx(shared, !hostTable && 'bg-raised')}
          onClick={() => set({ hostTable: false })}
        >
          <Grid2x2 aria-hidden size={14} />
        </IconButton>
        <IconButton
          name="Table"
          aria-pressed={hostTable}
          className={cx(shared, hostTable && 'bg-raised')}
          onClick={() => set({ hostTable: true })}
        >
          <Table2 aria-hidden size={14} />
        </IconButton>
      </div>
    </div>
  )
}

// The hosts a run will reach: every command block's own targets, or those chosen for the run.
import { useQueries } from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import { type AgentMatches, type Runbook, type Targets, isCommand } from '@/lib/model'
import { hostLimits } from '@/lib/permissions'
import { parseSelector } from '@/lib/selector'
import { selects } from '@/lib/selector-match'
import { useMe } from '@/lib/use-me'
import { useMatches } from '@/modules/fleet/api'

export function needsTargets(runbook: Runbook): boolean {
  return runbook.blocks.some((block) => isCommand(block) && !block.config.targets)
}

export function ownTargets(runbook: Runbook): Targets[] {
  const all = runbook.blocks.flatMap((block) =>
    isCommand(block) && block.config.targets ? [block.config.targets] : [],
  )
  return [...new Map(all.map((targets) => [JSON.stringify(targets), targets])).values()]
}

// Of the matched hosts those that a limited role reaches; what the answer does not list stays counted.
export function within(match: AgentMatches, limits: readonly string[] | undefined): AgentMatches {
  if (!limits) return match
  const reached = limits.map((limit) => parseSelector(limit).requirements)
  const items = match.items.filter((agent) =>
    reached.some((requirements) => requirements && selects(requirements, agent.labels)),
  )
  const gone = match.items.length - items.length
  return { ...match, items, matched: match.matched - gone }
}

// How many different hosts; beyond what the answers list, the largest exact count stands for all. Hosts that
// drain take no new work and are left out when a step begins.
export function unionCount(matches: AgentMatches[]): number {
  if (matches.every((match) => match.matched <= match.items.length)) {
    const fit = matches.flatMap((match) => match.items.filter((agent) => agent.status !== 'draining'))
    return new Set(fit.map((agent) => agent.id)).size
  }
  const ids = new Set(matches.flatMap((match) => match.items.map((agent) => agent.id)))
  return Math.max(ids.size, ...matches.map((match) => match.matched))
}

export function useRunHosts(runbook: Runbook, chosen: Targets) {
  const forRun = useMatches(chosen, needsTargets(runbook))
  const own = useQueries({
    queries: ownTargets(runbook).map((targets) => ({
      queryKey: ['agents', 'match', targets],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.post<AgentMatches>('agents/match', targets, undefined, signal),
    })),
  })
  // An older answer says nothing about the hosts chosen now.
  const chosenNow = forRun.isPlaceholderData ? undefined : forRun.data
  const known = [...(needsTargets(runbook) ? [chosenNow] : []), ...own.map((query) => query.data)]
  const limits = hostLimits(useMe().data?.roles ?? [], { runbook: runbook.labels })
  const all = known.filter((match) => match !== undefined).map((match) => within(match, limits))
  return {
    forRun,
    count: all.length === known.length ? unionCount(all) : undefined,
    limits,
    someEmpty: all.some((match) => match.matched === 0),
  }
}

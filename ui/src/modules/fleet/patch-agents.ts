// Puts changed agents into pages that are shown, in place: a list of many pages is not fetched again for one
// host. Hosts that are not in them are told, so that the caller can ask anew.
import type { InfiniteData } from '@tanstack/react-query'

import type { Agent, AgentPage } from '@/lib/model'

export type AgentPages = InfiniteData<AgentPage, string | undefined>

export function patchAgents(data: AgentPages, changed: ReadonlyMap<string, Agent>): AgentPages {
  const has = (page: AgentPage) => page.items.some((agent) => changed.has(agent.id))
  if (!data.pages.some(has)) return data
  return {
    ...data,
    pages: data.pages.map((page) =>
      has(page)
        ? { ...page, items: page.items.map((agent) => ({ ...agent, ...changed.get(agent.id) })) }
        : page,
    ),
  }
}

export function holdsAll(data: AgentPages | undefined, ids: Iterable<string>): boolean {
  const held = new Set(data?.pages.flatMap((page) => page.items.map((agent) => agent.id)))
  return [...ids].every((id) => held.has(id))
}

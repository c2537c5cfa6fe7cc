// The labels that runbooks have, for completion and for what a selector matches.
import { useQuery } from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import type { Labels, RunbookPage } from '@/lib/model'
import type { FleetLabel } from '@/modules/fleet/selector-suggestions'

const kLooked = 500 // runbooks; of larger libraries the newest page stands for all
const kStaleMs = 60_000

export interface RunbookLabels {
  items: Labels[] // by runbook
  more: boolean // than were looked at
  labels: FleetLabel[]
}

export function useRunbookLabels() {
  return useQuery({
    queryKey: ['runbooks', 'labels'],
    queryFn: ({ signal }) => api.get<RunbookPage>('runbooks', { limit: kLooked }, signal),
    select: (page): RunbookLabels => {
      const items = page.items.map((item) => item.labels)
      return { items, more: page.next_cursor !== null, labels: gathered(items) }
    },
    staleTime: kStaleMs,
  })
}

// Keys and values with how many have them, as GET /labels tells them of hosts.
export function gathered(items: readonly Labels[]): FleetLabel[] {
  const keys = new Map<string, Map<string, number>>()
  for (const labels of items)
    for (const [key, value] of Object.entries(labels)) {
      const values = keys.get(key) ?? new Map<string, number>()
      keys.set(key, values.set(value, (values.get(value) ?? 0) + 1))
    }
  return [...keys].sort().map(([key, values]) => ({
    key,
    count: [...values.values()].reduce((sum, each) => sum + each, 0),
    values: [...values].sort().map(([value, count]) => ({ value, count })),
  }))
}

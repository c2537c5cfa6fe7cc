// The filter of the hosts page as it stands in the address.
import { useSearchParams } from 'react-router'

import type { AgentStatus } from '@/lib/model'
import { splitSelector } from '@/lib/selector'
import type { AgentFilter } from '@/modules/fleet/api'

export type HostState = AgentStatus | 'outdated'

export interface HostFilter {
  name: string
  selector: string
  state: HostState | ''
}

export const hostStates: HostState[] = ['online', 'offline', 'draining', 'outdated', 'revoked']

export const noFilter: HostFilter = { name: '', selector: '', state: '' }

export function isFiltered(filter: HostFilter): boolean {
  return filter.name !== '' || filter.selector !== '' || filter.state !== ''
}

export function agentFilter({ name, selector, state }: HostFilter): AgentFilter {
  return { name, selector, status: state === 'outdated' ? '' : state, outdated: state === 'outdated' }
}

// What is asked for, with one more requirement; one that is there already is taken out again.
export function toggleRequirement(selector: string, requirement: string): string {
  const parts = splitSelector(selector).filter((part) => part !== '')
  const rest = parts.filter((part) => part !== requirement)
  return (rest.length < parts.length ? rest : [...parts, requirement]).join(',')
}

export function useHostFilter(): [HostFilter, (change: Partial<HostFilter>) => void] {
  const [search, setSearch] = useSearchParams()
  const state = search.get('state') ?? ''
  const filter: HostFilter = {
    name: search.get('name') ?? '',
    selector: search.get('labels') ?? '',
    state: hostStates.find((each) => each === state) ?? '',
  }
  const change = (part: Partial<HostFilter>) => {
    const next = { ...filter, ...part }
    const named = { name: next.name, labels: next.selector, state: next.state }
    setSearch(Object.fromEntries(Object.entries(named).filter(([, value]) => value !== '')), {
      replace: true,
    })
  }
  return [filter, change]
}

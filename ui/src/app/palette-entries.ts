// What the command palette offers: actions of the page, places, and things of the controller whose name
// contains what was typed.
import { useQuery } from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import { usePageCommands } from '@/lib/commands'
import type { AgentPage, ExecutionPage, RunbookPage } from '@/lib/model'
import { paths } from '@/lib/paths'
import { usePlaces } from '@/app/places'
import { type Theme, usePreferences } from '@/lib/preferences'

export interface PaletteEntry {
  id: string
  group: string
  name: string
  detail?: string | undefined
  keys?: string | undefined
  reason?: string | undefined
  go?: string // an address of the app
  run?: () => void
}

const kFound = 6

export function usePaletteEntries(text: string) {
  const own = useOwnEntries()
  const found = useFound(text)
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (entry: PaletteEntry) => {
    const all = `${entry.name} ${entry.group}`.toLowerCase()
    return words.every((word) => all.includes(word))
  }
  return { entries: [...own.filter(fits), ...(found.data ?? [])], busy: found.isFetching, error: found.error }
}

function useOwnEntries(): PaletteEntry[] {
  const places = usePlaces()
  const setTheme = usePreferences((preferences) => preferences.setTheme)
  const page = usePageCommands().map((command) => ({
    id: `page ${command.name}`,
    group: 'This page',
    ...command,
  }))
  const go = places.map(({ name, to, keys }) => ({ id: `go ${to}`, group: 'Go to', name, keys, go: to }))
  const themes: [Theme, string][] = [
    ['dark', 'Dark theme'],
    ['light', 'Light theme'],
    ['system', 'Theme of the system'],
  ]
  return [
    ...page,
    ...go,
    ...themes.map(([theme, name]) => ({
      id: `theme ${theme}`,
      group: 'Appearance',
      name,
      run: () => setTheme(theme),
    })),
  ]
}

function useFound(text: string) {
  return useQuery({
    queryKey: ['palette', text],
    queryFn: ({ signal }) => find(text, signal),
    enabled: text.length > 1,
    placeholderData: (before) => (text.length > 1 ? before : undefined),
  })
}

async function find(text: string, signal: AbortSignal): Promise<PaletteEntry[]> {
  const ask = { q: text, limit: kFound }
  const [runbooks, executions, hosts] = await Promise.all([
    api.get<RunbookPage>('runbooks', ask, signal),
    api.get<ExecutionPage>('executions', ask, signal),
    api.get<AgentPage>('agents', { name: text, limit: kFound }, signal),
  ])
  return [
    ...runbooks.items.map(({ id, title, version }) => ({
      id,
      group: 'Runbooks',
      name: title,
      detail: `v${version.version_number}`,
      go: paths.runbook(id),
    })),
    ...executions.items.map(({ id, title, status, reason }) => ({
      id,
      group: 'Executions',
      name: title,
      detail: [status.replaceAll('_', ' '), reason].filter(Boolean).join(', '),
      go: paths.execution(id),
    })),
    ...hosts.items.map(({ id, host, status }) => ({
      id,
      group: 'Hosts',
      name: host,
      detail: status,
      go: paths.host(id),
    })),
  ]
}

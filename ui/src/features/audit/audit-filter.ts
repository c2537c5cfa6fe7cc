// The filter of the audit page as it stands in the address.
import { useSearchParams } from 'react-router'

const kNames = ['person', 'action', 'object_type', 'object_id', 'result', 'since', 'until'] as const

export type AuditFilter = Record<(typeof kNames)[number], string>

export const noFilter: AuditFilter = {
  person: '',
  action: '',
  object_type: '',
  object_id: '',
  result: '',
  since: '',
  until: '',
}

export function isFiltered(filter: AuditFilter): boolean {
  return kNames.some((name) => filter[name] !== '')
}

export function filterOf(search: URLSearchParams): AuditFilter {
  return Object.fromEntries(kNames.map((name) => [name, search.get(name) ?? ''])) as AuditFilter
}

// Only what is set: the address and the request name the same things.
export function filterParams(filter: AuditFilter): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''))
}

export function useAuditFilter(): [AuditFilter, (change: Partial<AuditFilter>) => void] {
  const [search, setSearch] = useSearchParams()
  const filter = filterOf(search)
  const change = (part: Partial<AuditFilter>) =>
    setSearch(filterParams({ ...filter, ...part }), { replace: true })
  return [filter, change]
}

// A field of type datetime-local holds local time, or UTC when the person chose that; the API has RFC 3339.
export function toInput(time: string, utc: boolean): string {
  if (time === '' || Number.isNaN(Date.parse(time))) return ''
  const date = new Date(time)
  const shifted = utc ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 16)
}

export function fromInput(text: string, utc: boolean): string {
  if (text === '') return ''
  const date = new Date(utc ? `${text}Z` : text)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

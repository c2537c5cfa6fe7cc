// The list's filter and the address that holds it. Pure.
import type { ExecutionStatus } from '@/lib/model'

export const kStates: ExecutionStatus[] = [
  'running',
  'awaiting_approval',
  'awaiting_input',
  'paused',
  'completed',
  'failed',
  'stopped',
  'pending',
]

export interface Filter {
  status: ExecutionStatus[]
  runbook: string
  mine: boolean
  text: string
  since: string // a day, 2026-11-21
  until: string // the last day that counts
  utc: boolean // days begin at midnight UTC, not here
}

const kDay = /^\d{4}-\d{2}-\d{2}$/

export function readFilter(search: URLSearchParams): Filter {
  const words = (search.get('status') ?? '').split(',')
  const day = (name: string) => {
    const value = search.get(name) ?? ''
    return kDay.test(value) ? value : ''
  }
  return {
    status: kStates.filter((state) => words.includes(state)),
    runbook: search.get('runbook') ?? '',
    mine: search.get('by') === 'me',
    text: search.get('q') ?? '',
    since: day('since'),
    until: day('until'),
    utc: search.get('zone') === 'utc',
  }
}

export function writeFilter(filter: Filter): URLSearchParams {
  const entries = {
    status: filter.status.join(','),
    runbook: filter.runbook,
    by: filter.mine ? 'me' : '',
    q: filter.text,
    since: filter.since,
    until: filter.until,
    zone: filter.utc ? 'utc' : '',
  }
  return new URLSearchParams(Object.entries(entries).filter(([, value]) => value !== ''))
}

export function isFiltered(filter: Filter): boolean {
  return writeFilter({ ...filter, utc: false }).size > 0
}

// What GET /executions is asked.
export function listQuery(filter: Filter): Record<string, string | undefined> {
  return {
    status: filter.status.join(',') || undefined,
    runbook_id: filter.runbook || undefined,
    requested_by: filter.mine ? 'me' : undefined,
    q: filter.text.trim() || undefined,
    since: dayBegins(filter.since, 0, filter.utc),
    until: dayBegins(filter.until, 1, filter.utc),
  }
}

function dayBegins(day: string, later: number, utc: boolean): string | undefined {
  if (!kDay.test(day)) return undefined
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const time = utc
    ? Date.UTC(year, month - 1, date + later)
    : new Date(year, month - 1, date + later).getTime()
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}

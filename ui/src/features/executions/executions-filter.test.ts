import { describe, expect, it } from 'vitest'

import { executionsCsv } from '@/features/executions/executions-csv'
import { isFiltered, listQuery, readFilter, writeFilter } from '@/features/executions/executions-filter'
import { newIds, patched } from '@/features/executions/list-api'
import { anExecution } from '@/testing/execution'

const read = (text: string) => readFilter(new URLSearchParams(text))

describe('filter of the list', () => {
  it('lives in the address', () => {
    const text = 'status=running%2Cfailed&by=me&q=INC-1&since=2026-11-01&until=2026-11-21&zone=utc'
    expect(writeFilter(read(text)).toString()).toBe(text)
    expect(read('status=nonsense&since=soon').status).toEqual([])
    expect(isFiltered(read('zone=utc'))).toBe(false)
    expect(isFiltered(read('q=x'))).toBe(true)
  })

  it('asks for whole days, in UTC or here', () => {
    expect(listQuery(read('since=2026-11-01&until=2026-11-30&zone=utc'))).toMatchObject({
      since: '2026-11-01T00:00:00.000Z',
      until: '2026-12-01T00:00:00.000Z',
    })
    expect(listQuery(read('since=2026-11-01')).since).toBe(new Date(2026, 10, 1).toISOString())
    expect(listQuery(read('')).since).toBeUndefined()
  })

  it('sends states as one list and the text without blanks around it', () => {
    expect(listQuery(read('status=running,paused&q=+x+&by=me'))).toMatchObject({
      status: 'running,paused',
      q: 'x',
      requested_by: 'me',
    })
  })
})

describe('rows of the list', () => {
  const page = (...ids: string[]) => ({ items: ids.map((id) => anExecution({ id })), next_cursor: null })
  const known = { pages: [page('b', 'a')], pageParams: [undefined] }

  it('change in place', () => {
    const next = patched(known, [{ id: 'a', status: 'completed' }])
    expect(next.pages[0]?.items.map((item) => item.status)).toEqual(['running', 'completed'])
    expect(patched(known, [{ id: 'x', status: 'completed' }]).pages[0]).toBe(known.pages[0])
  })

  it('count only what stands above the newest that is shown', () => {
    expect(newIds(known, page('d', 'c', 'b', 'a').items)).toEqual(['d', 'c'])
    expect(newIds(known, page('b', 'a').items)).toEqual([])
    expect(newIds({ pages: [page()], pageParams: [] }, page('c').items)).toEqual(['c'])
  })

  it('become a table without formulas', () => {
    const [head, row] = executionsCsv([
      anExecution({ reason: '=cmd()', end_time: '2026-11-21T12:01:00Z' }),
    ]).split('\r\n')
    expect(head?.split(',')).toContain('hosts failed')
    expect(row).toContain(",'=cmd(),")
    expect(row).toMatch(/,60$/)
  })
})

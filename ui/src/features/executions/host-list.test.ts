import { describe, expect, it } from 'vitest'

import { inOrder, shortNames, sorted } from '@/features/executions/host-list'
import { hostDescription } from '@/features/executions/host-words'
import { gridRows } from '@/features/executions/virtual-grid'
import { aStepHost } from '@/testing/execution'

const names = (hosts: { host: string }[]) => hosts.map((each) => each.host)

describe('hosts in order', () => {
  const hosts = [
    aStepHost('b', { status: 'success' }),
    aStepHost('c', { status: 'unreachable' }),
    aStepHost('a', { status: 'running' }),
    aStepHost('d', { status: 'error' }),
  ]

  it('shows problems first, the others in the order of the controller', () => {
    expect(names(inOrder(hosts, true))).toEqual(['d', 'c', 'b', 'a'])
    expect(names(inOrder(hosts, false))).toEqual(['b', 'c', 'a', 'd'])
  })

  it('sorts by any column, names as people count', () => {
    const numbered = ['web-10', 'web-9', 'web-1'].map((name, at) => aStepHost(name, { output_bytes: at }))
    expect(names(sorted(numbered, { by: 'host', down: false }, 0))).toEqual(['web-1', 'web-9', 'web-10'])
    expect(names(sorted(numbered, { by: 'host', down: true }, 0))).toEqual(['web-10', 'web-9', 'web-1'])
    expect(names(sorted(numbered, { by: 'bytes', down: true }, 0))).toEqual(['web-1', 'web-9', 'web-10'])
    const ended = [aStepHost('x', { exit_code: null }), aStepHost('y', { exit_code: 1 })]
    expect(names(sorted(ended, { by: 'exit', down: false }, 0))).toEqual(['y', 'x'])
  })

  it('shortens names by what all end in', () => {
    const long = [aStepHost('pay-1.prod.example'), aStepHost('pay-2.prod.example')]
    expect(shortNames(long)('pay-1.prod.example')).toBe('pay-1')
    expect(shortNames([...long, aStepHost('db-1.test.example')])('pay-1.prod.example')).toBe(
      'pay-1.prod.example',
    )
  })

  it('describes a host in full', () => {
    const failed = aStepHost('pay-14', {
      status: 'error',
      exit_code: 1,
      start_time: '2026-11-21T12:00:00Z',
      end_time: '2026-11-21T12:00:31Z',
    })
    expect(hostDescription(failed)).toBe('pay-14, Failed, exit 1, 0:31')
  })
})

describe('gridRows', () => {
  const box = { widthPx: 908, heightPx: 140, scrolledPx: 0 }

  it('draws only rows in view, whatever the number of hosts', () => {
    const grid = gridRows(10_000, 72, 28, 4, box)
    expect(grid).toMatchObject({ columns: 12, rows: 834, first: 0 })
    expect(grid.end).toBeLessThan(20)
    const far = gridRows(10_000, 72, 28, 4, { ...box, scrolledPx: 834 * 28 })
    expect(far.end).toBe(834)
    expect(far.first).toBeGreaterThan(810)
  })

  it('has one column at least and no rows for nobody', () => {
    expect(gridRows(3, 72, 28, 4, { ...box, widthPx: 10 })).toMatchObject({ columns: 1, rows: 3, end: 3 })
    expect(gridRows(0, 72, 28, 4, box)).toMatchObject({ rows: 0, first: 0, end: 0 })
  })
})

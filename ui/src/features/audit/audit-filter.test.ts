import { describe, expect, it } from 'vitest'

import {
  filterOf,
  filterParams,
  fromInput,
  isFiltered,
  noFilter,
  toInput,
} from '@/features/audit/audit-filter'

describe('audit filter', () => {
  it('is the same in the address and in the request', () => {
    const search = new URLSearchParams('person=mina&action=api_key.revoke&other=1')
    expect(filterParams(filterOf(search))).toEqual({ person: 'mina', action: 'api_key.revoke' })
    expect(isFiltered(filterOf(search))).toBe(true)
    expect(isFiltered(noFilter)).toBe(false)
  })

  it('turns times into fields and back, in UTC and in the local zone', () => {
    const time = '2026-11-21T12:34:00.000Z'
    expect(toInput(time, true)).toBe('2026-11-21T12:34')
    expect(fromInput('2026-11-21T12:34', true)).toBe(time)
    expect(fromInput(toInput(time, false), false)).toBe(time)
    expect(toInput('nonsense', true)).toBe('')
    expect(fromInput('', false)).toBe('')
  })
})

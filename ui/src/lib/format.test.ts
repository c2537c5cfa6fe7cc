import { describe, expect, it } from 'vitest'

import { bytes, counted, initials, plainLine } from '@/lib/format'
import { ago, between, duration } from '@/lib/time'

describe('format', () => {
  it('writes bytes in the unit that fits', () => {
    expect(bytes(999)).toBe('999 B')
    expect(bytes(1000)).toBe('1.0 kB')
    expect(bytes(999_949)).toBe('999.9 kB')
    expect(bytes(999_950)).toBe('1.0 MB')
    expect(bytes(100_000_000)).toBe('100.0 MB')
  })

  it('counts in words', () => {
    expect(counted(1, 'host')).toBe('1 host')
    expect(counted(1204, 'line')).toBe('1,204 lines')
  })

  it('shortens names', () => {
    expect(initials('mina')).toBe('MI')
    expect(initials('mina kim')).toBe('MK')
    expect(initials('')).toBe('?')
  })

  it('takes the marks off a first line', () => {
    expect(plainLine('# What **fills** the `disk`, see [wiki](http://x)\nmore')).toBe(
      'What fills the disk, see wiki',
    )
  })
})

describe('time', () => {
  it('writes durations', () => {
    expect(duration(9_999)).toBe('0:09')
    expect(duration(754_000)).toBe('12:34')
    expect(duration(10_921_000)).toBe('3:02:01')
    expect(duration(-5)).toBe('0:00')
  })

  it('says how long ago', () => {
    const now = Date.parse('2026-11-21T12:00:00Z')
    expect(ago('2026-11-21T11:59:55Z', now)).toBe('just now')
    expect(ago('2026-11-21T11:59:20Z', now)).toBe('40 s ago')
    expect(ago('2026-11-21T11:30:00Z', now)).toBe('30 min ago')
    expect(ago('2026-11-20T12:00:00Z', now)).toBe('1 d ago')
  })

  it('measures up to now while there is no end', () => {
    expect(between(null, null, 5)).toBeUndefined()
    expect(between('1970-01-01T00:00:01Z', null, 3000)).toBe(2000)
    expect(between('1970-01-01T00:00:01Z', '1970-01-01T00:00:05Z', 9000)).toBe(4000)
  })
})

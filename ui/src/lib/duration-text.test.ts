import { describe, expect, it } from 'vitest'

import { formatDuration, parseDuration } from '@/lib/duration-text'

describe('parseDuration', () => {
  it.each([
    ['90', 90],
    ['0', 0],
    ['90s', 90],
    ['90 s', 90],
    ['5m', 300],
    ['5 min', 300],
    ['1h 30m', 5400],
    ['1H30M', 5400],
    ['2d', 172_800],
    ['1h 10s', 3610],
    ['1:30', 90],
    ['1:00:05', 3605],
    ['  2m  ', 120],
  ])('reads %j', (text, seconds) => expect(parseDuration(text)).toBe(seconds))

  it.each(['', 'soon', '-1', '1.5h', '5x', '1h m', '1:75', '99:99', '10 20', '9'.repeat(20), 'm5'])(
    'refuses %j',
    (text) => expect(parseDuration(text)).toBeUndefined(),
  )
})

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [45, '45s'],
    [90, '1m 30s'],
    [120, '2m'],
    [3600, '1h'],
    [5410, '1h 30m 10s'],
    [86_400, '1d'],
    [93_784, '1d 2h 3m 4s'],
  ])('writes %d', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
    expect(parseDuration(text)).toBe(seconds)
  })
})

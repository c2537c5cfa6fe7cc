import { describe, expect, it } from 'vitest'

import { unionCount, within } from '@/features/runbooks/use-run-hosts'
import { anAgent } from '@/testing/server'

describe('unionCount', () => {
  it('counts a host once that two blocks choose', () => {
    const [a, b] = [anAgent('a'), anAgent('b')]
    expect(
      unionCount([
        { items: [a, b], matched: 2, online: 2 },
        { items: [b], matched: 1, online: 1 },
      ]),
    ).toBe(2)
    expect(unionCount([{ items: [a], matched: 900, online: 900 }])).toBe(900)
    expect(unionCount([])).toBe(0)
  })
})

describe('within', () => {
  it('leaves out the hosts that a limited role does not reach', () => {
    const [a, b] = [anAgent('a', { labels: { env: 'dev' } }), anAgent('b', { labels: { env: 'prod' } })]
    const match = { items: [a, b], matched: 2, online: 2 }
    expect(within(match, undefined)).toBe(match)
    expect(within(match, ['env=dev'])).toMatchObject({ items: [a], matched: 1 })
    expect(within(match, ['env=dev', 'env=prod'])).toMatchObject({ items: [a, b], matched: 2 })
    expect(within(match, ['env in ('])).toMatchObject({ items: [], matched: 0 })
  })
})

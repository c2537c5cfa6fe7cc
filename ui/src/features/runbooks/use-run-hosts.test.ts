import { describe, expect, it } from 'vitest'

import { unionCount } from '@/features/runbooks/use-run-hosts'
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

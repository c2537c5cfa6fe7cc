import { describe, expect, it } from 'vitest'

import { type FleetLabel, suggestRequirements } from '@/modules/fleet/selector-suggestions'

const labels: FleetLabel[] = [
  {
    key: 'env',
    count: 9,
    values: [
      { value: 'prod', count: 6 },
      { value: 'preview', count: 1 },
      { value: 'staging', count: 3 },
    ],
  },
  { key: 'role', count: 9, values: [{ value: 'web', count: 9 }] },
  { key: 'zone-env', count: 1, values: [] },
]
const texts = (draft: string) => suggestRequirements(draft, labels).map((each) => each.text)

describe('suggestRequirements', () => {
  it.each([
    ['', ['env=', 'role=', 'zone-env=']],
    ['en', ['env=', 'zone-env=']],
    ['ENV', ['env=', 'zone-env=']],
    ['!en', ['!env', '!zone-env']],
    ['env=', ['env=prod', 'env=preview', 'env=staging']],
    ['env=pr', ['env=prod', 'env=preview']],
    ['env != st', ['env!=staging']],
    ['env==st', ['env=staging']],
    ['env ', ['env=', 'env!=', 'env in (', 'env notin (']],
    ['env no', ['env notin (']],
    ['env in (', ['env in (prod', 'env in (preview', 'env in (staging']],
    ['env in (pr', ['env in (prod', 'env in (preview']],
    ['env in (prod', ['env in (prod)', 'env in (prod,preview', 'env in (prod,staging']],
    ['env in (prod,', ['env in (prod)', 'env in (prod,preview', 'env in (prod,staging']],
    ['env in (prod,st', ['env in (prod,staging']],
    ['env in (prod)', []],
    ['nothing', []],
    ['other=', []],
  ])('completes %j', (draft, expected) => expect(texts(draft)).toEqual(expected))

  it('says how many hosts have it', () => {
    expect(suggestRequirements('env=', labels).map((each) => each.detail)).toEqual([
      '6 hosts',
      '1 host',
      '3 hosts',
    ])
  })
})

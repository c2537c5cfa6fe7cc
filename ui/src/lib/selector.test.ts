import { describe, expect, it } from 'vitest'

import { labelList, selectorFault, splitSelector } from '@/lib/selector'

describe('selectorFault', () => {
  it.each([
    '',
    'role=web',
    'role==web',
    'tier != db',
    'env in (staging, prod)',
    'env notin (dev)',
    '!retired',
    'example.org/team=a_b-c.d',
    'role=web,env in (staging,prod),!retired,tier!=db',
    'role=',
  ])('finds nothing wrong with %j', (text) => expect(selectorFault(text)).toBeUndefined())

  it.each(['role=web,', 'role=web env=prod', 'in (a)', 'env in staging', '-a=b', 'a=b!', '=', 'a in (b'])(
    'finds a fault in %j',
    (text) => expect(selectorFault(text)).toBeDefined(),
  )
})

describe('splitSelector', () => {
  it('splits at commas outside parentheses', () => {
    expect(splitSelector('a=b, c in (d,e) ,f')).toEqual(['a=b', 'c in (d,e)', 'f'])
  })
})

describe('labelList', () => {
  it('sorts by key and leaves empty values out', () => {
    expect(labelList({ role: 'web', env: 'prod', canary: '' })).toEqual(['canary', 'env=prod', 'role=web'])
  })
})

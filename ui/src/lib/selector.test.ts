import { describe, expect, it } from 'vitest'

import { labelList, parseSelector, requirementText, selectorFault, splitSelector } from '@/lib/selector'

const usual = (text: string) => parseSelector(text).requirements?.map(requirementText)

describe('parseSelector', () => {
  it.each([
    ['', []],
    ['  ', []],
    ['role=web', ['role=web']],
    ['role==web', ['role=web']],
    ['tier != db', ['tier!=db']],
    ['env in (staging, prod)', ['env in (staging,prod)']],
    ['env in(staging)', ['env=staging']],
    ['env notin (dev)', ['env!=dev']],
    ['env notin (dev,test)', ['env notin (dev,test)']],
    ['!retired', ['!retired']],
    ['! retired', ['!retired']],
    ['retired', ['retired']],
    ['example.org/team=a_b-c.d', ['example.org/team=a_b-c.d']],
    [
      'role=web,env in (staging,prod),!retired,tier!=db',
      ['role=web', 'env in (staging,prod)', '!retired', 'tier!=db'],
    ],
    ['role=', ['role=']],
    ['role!=', ['role!=']],
    ['env in ()', ['env=']],
    ['env in (a,)', ['env in (a,)']],
    ['cores > 8', ['cores>8']],
    ['cores<-1', ['cores<-1']],
    ['in in (in)', ['in=in']],
    ['\trole\n=\rweb', ['role=web']],
  ])('reads %j', (text, expected) => {
    expect(usual(text)).toEqual(expected)
    expect(usual((expected ?? []).join(','))).toEqual(expected)
  })

  it.each([
    ['role=web,', 10],
    [',role=web', 1],
    ['role=web env=prod', 10],
    ['in (a)', 4],
    ['env in staging', 8],
    ['env in (a', 10],
    ['env in (a b)', 11],
    ['-a=b', 1],
    ['a=b!', 4],
    ['a=-b', 3],
    ['=', 1],
    ['!', 2],
    ['a!b', 3],
    ['a > x', 5],
    ['Example.org/a=b', 1],
    ['a/b/c', 1],
    ['a=(b)', 3],
    [`${'k'.repeat(64)}=v`, 1],
    [`k=${'v'.repeat(64)}`, 3],
  ])('refuses %j at character %d', (text, at) => {
    expect(selectorFault(text)).toMatch(new RegExp(`^At character ${at}: `))
  })

  it('refuses a text longer than the server takes', () => {
    expect(selectorFault(`role in (${'é'.repeat(2100)})`)).toMatch(/at most 4096 bytes/)
  })

  it('keeps what was written', () => {
    expect(parseSelector(' role == web , env in ( a, b )').requirements?.map((each) => each.text)).toEqual([
      'role == web',
      'env in ( a, b )',
    ])
  })
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

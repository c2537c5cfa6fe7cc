import { describe, expect, it } from 'vitest'

import { parseSelector } from '@/lib/selector'
import { selects } from '@/lib/selector-match'

const matches = (selector: string, labels: Record<string, string>) =>
  selects(parseSelector(selector).requirements ?? [], labels)

describe('selects', () => {
  const labels = { env: 'dev', cores: '16', empty: '' }
  it.each([
    [''],
    ['env=dev'],
    ['env'],
    ['!retired'],
    ['env in (dev,test)'],
    ['env notin (prod)'],
    ['region!=eu'],
    ['region notin (eu)'],
    ['cores>8'],
    ['cores<17'],
    ['empty='],
    ['env=dev,cores>8'],
  ])('%j matches', (selector) => expect(matches(selector, labels)).toBe(true))

  it.each([
    ['env=prod'],
    ['region'],
    ['!env'],
    ['env notin (dev)'],
    ['env!=dev'],
    ['region=eu'],
    ['region in (eu)'],
    ['cores>16'],
    ['cores<16'],
    ['env>1'],
    ['region>1'],
    ['toString'],
    ['env=dev,cores>99'],
  ])('%j does not', (selector) => expect(matches(selector, labels)).toBe(false))
})

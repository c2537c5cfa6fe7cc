import { describe, expect, it } from 'vitest'

import { initialTyped, judgeAll, judgeTyped } from '@/modules/parameters/parameter-values'
import type { Parameter } from '@/lib/model'

const parameter = (type: Parameter['type'], more: Partial<Parameter> = {}): Parameter => ({
  name: 'p',
  type,
  ...more,
})

describe('judgeTyped', () => {
  it.each([
    [parameter('string'), 'abc', 'abc'],
    [parameter('string', { pattern: '[a-c]+' }), 'abc', 'abc'],
    [parameter('string', { pattern: '(?i)[A-C]+' }), 'abc', 'abc'],
    [parameter('integer'), '-12', -12],
    [parameter('number'), '1.5', 1.5],
    [parameter('boolean'), 'false', false],
    [parameter('choice', { choices: ['soft', 'hard'] }), 'hard', 'hard'],
    [parameter('integer'), '', undefined],
    [parameter('integer', { required: true, default: 3 }), '', undefined],
  ])('takes %j with %j', (each, typed, value) => expect(judgeTyped(each, typed)).toEqual({ value }))

  it.each([
    [parameter('string', { required: true }), ''],
    [parameter('string', { pattern: '[a-c]+' }), 'abcd'],
    [parameter('integer'), '1.5'],
    [parameter('integer'), '99999999999999999999'],
    [parameter('number'), 'x'],
    [parameter('boolean'), 'yes'],
    [parameter('choice', { choices: ['soft'] }), 'hard'],
  ])('refuses %j with %j', (each, typed) => expect(judgeTyped(each, typed)).toHaveProperty('fault'))
})

describe('judgeAll', () => {
  it('fills defaults in and names each fault', () => {
    const all: Parameter[] = [
      { name: 'a', type: 'integer', default: 3 },
      { name: 'b', type: 'integer' },
      { name: 'c', type: 'string', required: true },
    ]
    const typed = { ...initialTyped(all), b: 'x' }
    expect(typed).toEqual({ a: '3', b: 'x', c: '' })
    const judged = judgeAll(all, typed)
    expect(judged.values).toEqual({ a: 3 })
    expect(Object.keys(judged.faults)).toEqual(['b', 'c'])
  })
})

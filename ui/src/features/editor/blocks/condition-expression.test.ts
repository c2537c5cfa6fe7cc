import { describe, expect, it } from 'vitest'

import {
  type Condition,
  type KindOf,
  type Left,
  type Operator,
  pathFault,
  readCondition,
  writeCondition,
} from '@/features/editor/blocks/condition-expression'

const kindOf: KindOf = (left) => {
  if (left.kind === 'param')
    return left.name === 'service' ? 'text' : left.name === 'count' ? 'number' : 'any'
  if (left.field === 'exit_code' || left.field === 'http_status') return 'number'
  return left.field === 'json' ? 'any' : 'text'
}
const step = (field: Extract<Left, { kind: 'step' }>['field'], path = ''): Left => ({
  kind: 'step',
  slug: 'check',
  field,
  path,
})
const param = (name: string): Left => ({ kind: 'param', name })
const condition = (left: Left, operator: Operator, value = ''): Condition => ({ left, operator, value })

describe('conditions, both ways', () => {
  it.each<[Condition, string]>([
    [condition(step('exit_code'), '==', '0'), 'steps.check.exit_code == 0'],
    [condition(step('exit_code'), 'in', '0, 2'), 'steps.check.exit_code in [0, 2]'],
    [condition(step('http_status'), '>=', '500'), 'steps.check.http_status >= 500'],
    [condition(step('status'), '!=', 'success'), 'steps.check.status != "success"'],
    [condition(step('status'), 'in', 'error, unknown'), 'steps.check.status in ["error", "unknown"]'],
    [condition(step('stdout'), 'contains', 'a "b"\\c'), 'steps.check.stdout.contains("a \\"b\\"\\\\c")'],
    [condition(step('stdout'), 'lacks', 'x'), '!steps.check.stdout.contains("x")'],
    [condition(step('stdout'), 'startsWith', 'x'), 'steps.check.stdout.startsWith("x")'],
    [condition(step('stderr'), 'endsWith', 'x\n'), 'steps.check.stderr.endsWith("x\\n")'],
    [condition(step('output'), 'matches', '^v\\d+$'), 'steps.check.output.matches("^v\\\\d+$")'],
    [condition(step('stdout'), '==', ''), 'steps.check.stdout == ""'],
    [condition(step('stdout'), '==', '10'), 'steps.check.stdout == "10"'],
    [condition(step('json', 'messages'), '>', '10000'), 'steps.check.json.messages > 10000'],
    [condition(step('json', 'a[0]["x-y"].b'), '==', 'ok'), 'steps.check.json.a[0]["x-y"].b == "ok"'],
    [condition(step('json', '["a b"]'), '==', 'true'), 'steps.check.json["a b"] == true'],
    [condition(step('json', '[3].x'), '==', 'null'), 'steps.check.json[3].x == null'],
    [condition(step('json', 'n'), '==', '"10"'), 'steps.check.json.n == "10"'],
    [condition(step('json', 'n'), '==', '"true"'), 'steps.check.json.n == "true"'],
    [condition(step('json', 'n'), '<', '-1.5'), 'steps.check.json.n < -1.5'],
    [
      condition(step('json', 'n'), 'in', '1, "2", a b, "x,y"'),
      'steps.check.json.n in [1, "2", "a b", "x,y"]',
    ],
    [condition(step('json', 'error'), 'exists'), 'has(steps.check.json.error)'],
    [condition(step('json', 'error'), 'missing'), '!has(steps.check.json.error)'],
    [condition(param('service'), '==', '10'), 'params.service == "10"'],
    [condition(param('count'), '>', '3'), 'params.count > 3'],
    [condition(param('force'), '==', 'true'), 'params.force == true'],
  ])('%j is %s', (built, expression) => {
    expect(writeCondition(built, kindOf)).toBe(expression)
    expect(readCondition(expression, kindOf)).toEqual(built)
  })

  it.each([
    ["steps.check.stdout=='ok'", 'steps.check.stdout == "ok"'],
    ['  steps.check.exit_code   ==   0 ', 'steps.check.exit_code == 0'],
    ['steps["check"].exit_code == 0', 'steps.check.exit_code == 0'],
    ['steps.check.output.matches(r"^\\d+$")', 'steps.check.output.matches("^\\\\d+$")'],
    ['steps.check.stdout == "\\u00e9"', 'steps.check.stdout == "é"'],
  ])('reads %s, written otherwise', (text, usual) => {
    const read = readCondition(text, kindOf)
    expect(read && writeCondition(read, kindOf)).toBe(usual)
  })
})

describe('readCondition', () => {
  it.each([
    '',
    'true',
    'steps.check.exit_code == 0 && params.force',
    'steps.check.exit_code + 1 == 2',
    '(steps.check.exit_code == 0)',
    'size(steps.check.stdout) > 3',
    'steps.check.hosts["a"].exit_code == 0',
    'steps.check.exit_code == "0"',
    'steps.check.stdout == 5',
    'params.service == 5',
    '0 == steps.check.exit_code',
    'execution.title == "x"',
    '!steps.check.stdout.startsWith("x")',
    'steps.check.stdout.contains(params.service)',
    'steps.check.stdout.contains("x") == true',
    'steps.check.json.n == 0xff',
    'steps.check.json.n == 1u',
    'steps.check.json.n == 1e3',
    'steps.check.json.n in []',
    'steps.check.json.n in [1',
    'steps.check.status == "open',
    'steps.check.stdout == "\\q"',
    'steps.check.exit_code = 0',
    'steps.check',
    'params.a.b == 1',
    'has(steps.check.json.a) && true',
  ])('leaves %j to the expression', (text) => expect(readCondition(text, kindOf)).toBeUndefined())
})

describe('writeCondition', () => {
  it.each([
    condition({ ...(step('exit_code') as Extract<Left, { kind: 'step' }>), slug: '' }, '==', '0'),
    condition(step('exit_code'), '==', ''),
    condition(step('exit_code'), '==', 'zero'),
    condition(step('exit_code'), 'in', ''),
    condition(step('json', 'a..b'), '==', '1'),
    condition(param(''), '==', '1'),
  ])('waits for the rest of %j', (built) => expect(writeCondition(built, kindOf)).toBeUndefined())
})

describe('pathFault', () => {
  it.each(['', 'a', 'a.b', 'a[0]', '[0].a', '["a b"].c'])('takes %j', (path) =>
    expect(pathFault(path)).toBeUndefined(),
  )
  it.each(['a.', '.a', 'a b', 'a[', 'a[x]', 'a-b', 'a.size()', '1a', 'a == 1'])('refuses %j', (path) =>
    expect(pathFault(path)).toBeDefined(),
  )
})

// Conditions as left side, operator and value, and the CEL expression they stand for. What the builder cannot
// say stays an expression.
import { type Token, celString, celTokens } from '@/features/editor/blocks/cel-tokens'

export type StepField = 'exit_code' | 'status' | 'http_status' | 'stdout' | 'stderr' | 'output' | 'json'
export type Left =
  { kind: 'step'; slug: string; field: StepField; path: string } | { kind: 'param'; name: string }
export type Operator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'contains'
  | 'lacks'
  | 'startsWith'
  | 'endsWith'
  | 'matches'
  | 'exists'
  | 'missing'

export interface Condition {
  left: Left
  operator: Operator
  value: string // as it stands in the field
}

// What values a left side has: texts are always quoted, numbers never; of others the value itself tells.
export type ValueKind = 'text' | 'number' | 'any'
export type KindOf = (left: Left) => ValueKind

const kFields: readonly string[] = [
  'exit_code',
  'status',
  'http_status',
  'stdout',
  'stderr',
  'output',
  'json',
]
const kMethods: readonly string[] = ['contains', 'startsWith', 'endsWith', 'matches']
const kCompared: readonly string[] = ['==', '!=', '<', '<=', '>', '>=']
const kNumber = /^-?(?:\d+\.\d+|\d+)$/
const kWord = /^[A-Za-z_]\w*$/

export function needsValue(operator: Operator): boolean {
  return operator !== 'exists' && operator !== 'missing'
}

// -- Writing -----------------------------------------------------------------------------------------------

function literal(text: string, kind: ValueKind): string | undefined {
  if (kind === 'text') return celString(text)
  const trimmed = text.trim()
  if (kNumber.test(trimmed)) return trimmed
  if (kind === 'number') return undefined
  if (['true', 'false', 'null'].includes(trimmed)) return trimmed
  return celString(unquoted(text))
}

// "10" in quotes is the text 10.
function unquoted(text: string): string {
  const tokens = /^\s*["']/.test(text) ? celTokens(text) : undefined
  return tokens?.length === 1 && tokens[0]?.kind === 'string' ? tokens[0].text : text
}

function listItems(text: string): string[] {
  return [...text.matchAll(/\s*("(?:[^"\\]|\\.)*"|[^,]*?)\s*(?:,|$)/g)]
    .map((found) => found[1] ?? '')
    .filter((item) => item !== '')
}

function leftText(left: Left): string | undefined {
  if (left.kind === 'param') return left.name === '' ? undefined : `params.${left.name}`
  if (left.slug === '') return undefined
  const base = `steps.${left.slug}.${left.field}`
  if (left.field !== 'json') return base
  const path = left.path.trim()
  if (pathFault(path)) return undefined
  return path === '' || path.startsWith('[') ? base + path : `${base}.${path}`
}

// Undefined while something is missing.
export function writeCondition({ left, operator, value }: Condition, kindOf: KindOf): string | undefined {
  const subject = leftText(left)
  if (subject === undefined) return undefined
  const kind = kindOf(left)
  if (operator === 'exists') return `has(${subject})`
  if (operator === 'missing') return `!has(${subject})`
  if (operator === 'in') {
    const items = listItems(value).map((item) => literal(kind === 'text' ? unquoted(item) : item, kind))
    return items.length === 0 || items.includes(undefined) ? undefined : `${subject} in [${items.join(', ')}]`
  }
  if (operator === 'contains' || operator === 'lacks')
    return `${operator === 'lacks' ? '!' : ''}${subject}.contains(${celString(value)})`
  if (kMethods.includes(operator)) return `${subject}.${operator}(${celString(value)})`
  const right = literal(value, kind)
  return right === undefined || (value === '' && kind !== 'text')
    ? undefined
    : `${subject} ${operator} ${right}`
}

// -- Reading -----------------------------------------------------------------------------------------------

type Step = string | number

class Reader {
  private at = 0

  constructor(private readonly tokens: readonly Token[]) {}

  atEnd(): boolean {
    return this.at === this.tokens.length
  }

  take(kind: Token['kind'], text?: string): string | undefined {
    const token = this.tokens[this.at]
    if (token?.kind !== kind || (text !== undefined && token.text !== text)) return undefined
    this.at += 1
    return token.text
  }

  peek(): Token | undefined {
    return this.tokens[this.at]
  }

  // a.b[0]["c"], and the method called at its end
  path(): { steps: Step[]; method?: string } | undefined {
    const first = this.take('word')
    if (first === undefined) return undefined
    const steps: Step[] = [first]
    for (;;) {
      if (this.take('sign', '.') !== undefined) {
        const word = this.take('word')
        if (word === undefined) return undefined
        if (this.take('sign', '(') !== undefined) return { steps, method: word }
        steps.push(word)
      } else if (this.take('sign', '[') !== undefined) {
        const step = this.index()
        if (step === undefined) return undefined
        steps.push(step)
      } else return { steps }
    }
  }

  private index(): Step | undefined {
    const number = this.take('number')
    const step = number !== undefined && /^\d+$/.test(number) ? Number(number) : this.take('string')
    return this.take('sign', ']') === undefined ? undefined : step
  }

  literal(): Token | undefined {
    const token = this.peek()
    const known =
      token?.kind === 'number' ||
      token?.kind === 'string' ||
      (token?.kind === 'word' && ['true', 'false', 'null'].includes(token.text))
    if (!known) return undefined
    this.at += 1
    return token
  }
}

export function pathText(steps: readonly Step[]): string {
  return steps
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`
      if (!kWord.test(step)) return `[${celString(step)}]`
      return index === 0 ? step : `.${step}`
    })
    .join('')
}

export function pathFault(path: string): string | undefined {
  if (path === '') return undefined
  const tokens = celTokens(path.startsWith('[') ? `json${path}` : `json.${path}`)
  const reader = new Reader(tokens ?? [])
  const read = tokens && reader.path()
  return read && read.method === undefined && reader.atEnd()
    ? undefined
    : 'Write it like items[0].name or ["odd name"].'
}

function leftOf(steps: readonly Step[]): Left | undefined {
  const [root, name, field, ...rest] = steps
  if (root === 'params' && typeof name === 'string' && steps.length === 2) return { kind: 'param', name }
  if (root !== 'steps' || typeof name !== 'string' || typeof field !== 'string') return undefined
  if (!kFields.includes(field) || (field !== 'json' && rest.length > 0)) return undefined
  return { kind: 'step', slug: name, field: field as StepField, path: pathText(rest) }
}

// The value as the field shows it; undefined where writing it again would not give the same.
function shownLiteral(token: Token, kind: ValueKind): string | undefined {
  if (kind === 'text') return token.kind === 'string' ? token.text : undefined
  if (token.kind !== 'string') return kind === 'number' && token.kind !== 'number' ? undefined : token.text
  if (kind === 'number') return undefined
  return literal(token.text, 'any') === celString(token.text) && token.text !== ''
    ? token.text
    : celString(token.text)
}

function shownItem(token: Token, kind: ValueKind): string | undefined {
  const shown = shownLiteral(token, kind)
  if (shown === undefined || token.kind !== 'string') return shown
  const plain = shown === token.text && !/[,"']|^\s|\s$/.test(shown) && shown !== ''
  return plain ? shown : celString(token.text)
}

function readList(reader: Reader, kind: ValueKind): string | undefined {
  const shown: string[] = []
  if (reader.take('sign', '[') === undefined) return undefined
  do {
    const token = reader.literal()
    const item = token && shownItem(token, kind)
    if (item === undefined) return undefined
    shown.push(item)
  } while (reader.take('sign', ',') !== undefined)
  return reader.take('sign', ']') === undefined ? undefined : shown.join(', ')
}

function readHas(reader: Reader, negated: boolean): Condition | undefined {
  reader.take('word', 'has')
  if (reader.take('sign', '(') === undefined) return undefined
  const path = reader.path()
  const left = path && path.method === undefined ? leftOf(path.steps) : undefined
  if (!left || reader.take('sign', ')') === undefined || !reader.atEnd()) return undefined
  return { left, operator: negated ? 'missing' : 'exists', value: '' }
}

function readMethod(reader: Reader, left: Left, method: string, negated: boolean): Condition | undefined {
  const value = reader.take('string')
  if (value === undefined || reader.take('sign', ')') === undefined || !reader.atEnd()) return undefined
  if (negated && method !== 'contains') return undefined
  if (!kMethods.includes(method)) return undefined
  return { left, operator: negated ? 'lacks' : (method as Operator), value }
}

function readComparison(reader: Reader, left: Left, kind: ValueKind): Condition | undefined {
  const sign = reader.peek()
  if (sign?.kind === 'word' && reader.take('word', 'in') !== undefined) {
    const value = readList(reader, kind)
    return value !== undefined && reader.atEnd() ? { left, operator: 'in', value } : undefined
  }
  if (sign?.kind !== 'sign' || !kCompared.includes(sign.text)) return undefined
  reader.take('sign')
  const token = reader.literal()
  const value = token && shownLiteral(token, kind)
  return value !== undefined && reader.atEnd() ? { left, operator: sign.text as Operator, value } : undefined
}

export function readCondition(expression: string, kindOf: KindOf): Condition | undefined {
  const tokens = celTokens(expression)
  if (!tokens) return undefined
  const reader = new Reader(tokens)
  const negated = reader.take('sign', '!') !== undefined
  const [next, after] = tokens.slice(negated ? 1 : 0)
  if (next?.text === 'has' && next.kind === 'word' && after?.text === '(') return readHas(reader, negated)
  const path = reader.path()
  const left = path && leftOf(path.steps)
  if (!left) return undefined
  if (path.method !== undefined) return readMethod(reader, left, path.method, negated)
  return negated ? undefined : readComparison(reader, left, kindOf(left))
}

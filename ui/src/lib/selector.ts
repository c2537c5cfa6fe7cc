// Label selectors while they are typed: the grammar of labels.Parse of Kubernetes, as the controller reads
// it. Says what is wrong before the server is asked, whose word decides (POST /agents/match).
import { labelKeyFault, labelValueFault } from '@/lib/labels'

export type SelectorOperator = 'exists' | 'absent' | 'in' | 'notin' | '>' | '<'

export interface Requirement {
  key: string
  operator: SelectorOperator
  values: string[]
  text: string // as it was written
}

export type ParsedSelector =
  { requirements: Requirement[]; fault?: undefined } | { fault: string; at: number; requirements?: undefined }

const kMaxBytes = 4096
const kWholeNumber = /^-?\d+$/
const kSymbols = '=!(),<>'
const kSpaces = ' \t\r\n'

class SelectorFault {
  constructor(
    readonly at: number,
    readonly what: string,
  ) {}
}

class Parser {
  private at = 0

  constructor(private readonly text: string) {
    this.skipSpace()
  }

  requirements(): Requirement[] {
    const all: Requirement[] = []
    if (this.atEnd()) return all
    for (;;) {
      const begin = this.at
      const requirement = this.requirement()
      all.push({ ...requirement, text: this.text.slice(begin, this.at).trim() })
      if (this.atEnd()) return all
      if (!this.take(',')) this.expected('a comma or the end')
    }
  }

  private requirement(): Omit<Requirement, 'text'> {
    const negated = this.take('!')
    const key = this.word('a label key', labelKeyFault)
    if (negated) return { key, operator: 'absent', values: [] }
    if (this.atEnd() || this.text[this.at] === ',') return { key, operator: 'exists', values: [] }
    return this.withOperator(key)
  }

  private withOperator(key: string): Omit<Requirement, 'text'> {
    if (this.take('!')) {
      if (!this.take('=')) this.expected('= after !')
      return { key, operator: 'notin', values: [this.value()] }
    }
    if (this.take('=')) {
      this.take('=')
      return { key, operator: 'in', values: [this.value()] }
    }
    if (this.take('>')) return { key, operator: '>', values: [this.number()] }
    if (this.take('<')) return { key, operator: '<', values: [this.number()] }
    const begin = this.at
    const word = this.takeWord()
    if (word === 'in' || word === 'notin') return { key, operator: word, values: this.set() }
    this.at = begin
    return this.expected('one of =, !=, in, notin, <, >')
  }

  private value(): string {
    const begin = this.at
    const value = this.takeWord()
    const fault = labelValueFault(value)
    if (fault) throw new SelectorFault(begin, fault)
    return value
  }

  private number(): string {
    const begin = this.at
    const value = this.takeWord()
    if (!kWholeNumber.test(value)) throw new SelectorFault(begin, 'a whole number must follow < and >')
    return value
  }

  private set(): string[] {
    if (!this.take('(')) this.expected('(')
    const values: string[] = []
    do values.push(this.value())
    while (this.take(','))
    if (!this.take(')')) this.expected('a comma or )')
    return values
  }

  private word(what: string, faultOf: (word: string) => string | undefined): string {
    const begin = this.at
    const word = this.takeWord()
    if (word === '') this.expected(what)
    const fault = faultOf(word)
    if (fault) throw new SelectorFault(begin, fault)
    return word
  }

  private atEnd(): boolean {
    return this.at >= this.text.length
  }

  private skipSpace(): void {
    while (!this.atEnd() && kSpaces.includes(this.text.charAt(this.at))) this.at += 1
  }

  private take(symbol: string): boolean {
    if (this.text[this.at] !== symbol) return false
    this.at += 1
    this.skipSpace()
    return true
  }

  private takeWord(): string {
    const begin = this.at
    while (!this.atEnd() && !(kSpaces + kSymbols).includes(this.text.charAt(this.at))) this.at += 1
    const word = this.text.slice(begin, this.at)
    this.skipSpace()
    return word
  }

  private expected(what: string): never {
    const found = this.atEnd() ? 'the text ends' : `"${this.text[this.at]}" stands`
    throw new SelectorFault(this.at, `${what} was expected where ${found}`)
  }
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}

export function parseSelector(text: string): ParsedSelector {
  if (new TextEncoder().encode(text).length > kMaxBytes)
    return { fault: `A selector may have at most ${kMaxBytes} bytes.`, at: kMaxBytes }
  try {
    return { requirements: new Parser(text).requirements() }
  } catch (fault) {
    if (!(fault instanceof SelectorFault)) throw fault
    return { fault: `At character ${fault.at + 1}: ${sentence(fault.what)}`, at: fault.at }
  }
}

export function selectorFault(text: string): string | undefined {
  return parseSelector(text).fault
}

// One requirement in its usual form: role=web, env in (a,b), !retired.
export function requirementText({ key, operator, values }: Omit<Requirement, 'text'>): string {
  if (operator === 'exists') return key
  if (operator === 'absent') return `!${key}`
  if (operator === '<' || operator === '>') return `${key}${operator}${values[0]}`
  if (values.length === 1) return `${key}${operator === 'in' ? '=' : '!='}${values[0]}`
  return `${key} ${operator} (${values.join(',')})`
}

// Splits at commas outside parentheses, whatever stands between them.
export function splitSelector(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const sign of text) {
    if (sign === '(') depth += 1
    if (sign === ')') depth -= 1
    if (sign === ',' && depth <= 0) {
      parts.push(part.trim())
      part = ''
    } else part += sign
  }
  parts.push(part.trim())
  return parts
}

export function labelList(labels: Record<string, string>): string[] {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
}

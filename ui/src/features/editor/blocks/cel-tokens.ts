// The few tokens of CEL that simple conditions are made of.
export interface Token {
  kind: 'word' | 'number' | 'string' | 'sign'
  text: string // of a string: its value
}

const kParts = [
  /\s+/,
  /(r"[^"\n]*"|r'[^'\n]*'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/,
  /([A-Za-z_]\w*)/,
  /(-?(?:\d+\.\d+|\d+)(?![\w.]))/,
  /(==|!=|<=|>=|[<>.,()[\]!])/,
]
const kPattern = kParts.map((part) => part.source).join('|')

// Undefined for a text with anything else in it.
export function celTokens(text: string): Token[] | undefined {
  const tokens: Token[] = []
  const pattern = new RegExp(kPattern, 'y')
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text)
    if (!found) return undefined
    const [, string, word, number, sign] = found
    if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else if (string !== undefined) {
      const value = stringValue(string)
      if (value === undefined) return undefined
      tokens.push({ kind: 'string', text: value })
    }
  }
  return tokens
}

const kEscapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '"': '"', "'": "'" }

function stringValue(literal: string): string | undefined {
  if (literal.startsWith('r')) return literal.slice(2, -1)
  let known = true
  const value = literal.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, escape: string) => {
    if (escape.startsWith('u') && escape.length === 5)
      return String.fromCharCode(parseInt(escape.slice(1), 16))
    const sign = kEscapes[escape]
    known &&= sign !== undefined
    return sign ?? ''
  })
  return known ? value : undefined
}

export function celString(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

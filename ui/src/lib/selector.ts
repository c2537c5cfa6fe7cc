// A first look at label selectors while they are typed: says what is wrong before the server is asked. The
// server's word decides (POST /agents/match).
const kName = '[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?'
const kKey = `(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?/)?${kName}`
const kValue = `(?:${kName})?`
const requirements = [
  new RegExp(`^!\\s*${kKey}$`),
  new RegExp(`^${kKey}$`),
  new RegExp(`^${kKey}\\s*(?:=|==|!=)\\s*${kValue}$`),
  new RegExp(`^${kKey}\\s+(?:in|notin)\\s*\\(\\s*${kValue}(?:\\s*,\\s*${kValue})*\\s*\\)$`),
]

// Splits at commas outside parentheses.
export function splitSelector(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const sign of text) {
    if (sign === '(') depth += 1
    if (sign === ')') depth -= 1
    if (sign === ',' && depth === 0) {
      parts.push(part.trim())
      part = ''
    } else {
      part += sign
    }
  }
  parts.push(part.trim())
  return parts
}

export function selectorFault(text: string): string | undefined {
  if (text.trim() === '') return undefined
  for (const part of splitSelector(text)) {
    if (part === '') return 'A requirement is missing beside a comma.'
    if (!requirements.some((requirement) => requirement.test(part)))
      return `"${part}" is not a requirement such as role=web, env in (prod,staging) or !retired.`
  }
  return undefined
}

export function labelList(labels: Record<string, string>): string[] {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
}

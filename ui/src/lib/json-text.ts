// JSON with line breaks and indents. Numbers and strings stay letter by letter as they came: nothing is
// rounded, no key is lost.
const kToken = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g
const kIndent = '  '

export function prettyJson(text: string): string | undefined {
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  const tokens = text.match(kToken) ?? []
  let depth = 0
  let out = ''
  const newLine = () => `\n${kIndent.repeat(depth)}`
  tokens.forEach((token, at) => {
    if (token === '{' || token === '[') {
      depth += 1
      out += token + (isClosing(tokens[at + 1]) ? '' : newLine())
    } else if (isClosing(token)) {
      depth -= 1
      out += (isOpening(tokens[at - 1]) ? '' : newLine()) + token
    } else if (token === ',') out += token + newLine()
    else out += token === ':' ? ': ' : token
  })
  return out
}

const isClosing = (token: string | undefined) => token === '}' || token === ']'
const isOpening = (token: string | undefined) => token === '{' || token === '['

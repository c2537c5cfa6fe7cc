// The languages of the code editor. Markdown and CEL have no ready grammar among our packages: what is marked
// here is what helps reading, not a judgement of the text.
import { type LanguageSupport, StreamLanguage, type StreamParser } from '@codemirror/language'
import { yaml } from '@codemirror/lang-yaml'
import { shell } from '@codemirror/legacy-modes/mode/shell'
import type { Extension } from '@codemirror/state'

import type { CodeLanguage } from '@/components/code-editor'

interface MarkdownState {
  fenced: boolean
}

const markdown: StreamParser<MarkdownState> = {
  name: 'markdown',
  startState: () => ({ fenced: false }),
  token(stream, state) {
    if (stream.sol() && stream.match(/^\s*(```|~~~)/)) {
      state.fenced = !state.fenced
      stream.skipToEnd()
      return 'keyword'
    }
    if (state.fenced) {
      stream.skipToEnd()
      return 'string'
    }
    if (stream.sol() && stream.match(/^#{1,6}\s.*/)) return 'heading'
    if (stream.sol() && stream.match(/^\s*([-*+]|\d+[.)]|>)\s/)) return 'keyword'
    if (stream.match(/^`[^`]*`/)) return 'string'
    if (stream.match(/^\$\{\{.*?\}\}/)) return 'variableName'
    if (stream.match(/^(\*\*|__)(?=\S).*?\1/)) return 'strong'
    if (stream.match(/^\[[^\]]*\]\([^)]*\)/)) return 'link'
    stream.next()
    return null
  },
}

const kCelWords = /^(true|false|null|in)\b/
const kCelRoots = /^(params|steps|execution)\b/
const kCelCalls = /^[a-zA-Z_][\w]*(?=\()/

const cel: StreamParser<null> = {
  name: 'cel',
  token(stream) {
    if (stream.eatSpace()) return null
    if (stream.match(/^\/\/.*/)) return 'comment'
    if (stream.match(/^[rRbB]{0,2}("""|''')[\s\S]*?\1/)) return 'string'
    if (stream.match(/^[rR]?"(?:[^"\\]|\\.)*"?/) || stream.match(/^[rR]?'(?:[^'\\]|\\.)*'?/)) return 'string'
    if (stream.match(/^(0x[0-9a-fA-F]+|\d+(\.\d+)?([eE][-+]?\d+)?)[uU]?/)) return 'number'
    if (stream.match(kCelWords)) return 'keyword'
    if (stream.match(kCelRoots)) return 'variableName'
    if (stream.match(kCelCalls)) return 'function'
    if (stream.match(/^[a-zA-Z_]\w*/)) return null
    if (stream.match(/^(&&|\|\||[=!<>]=|[-+*/%<>!?:])/)) return 'operator'
    stream.next()
    return null
  },
}

const kMade = new Map<CodeLanguage, Extension>()

function make(language: CodeLanguage): LanguageSupport | Extension {
  switch (language) {
    case 'yaml':
    case 'json': // every JSON text is YAML
      return yaml()
    case 'shell':
      return StreamLanguage.define(shell)
    case 'markdown':
      return StreamLanguage.define(markdown)
    case 'cel':
      return StreamLanguage.define(cel)
  }
}

export function languageExtension(language: CodeLanguage): Extension {
  const known = kMade.get(language)
  if (known) return known
  const extension = make(language)
  kMade.set(language, extension)
  return extension
}

// What is looked for: as the server is asked, and as the rows on screen are marked.
import type { OutputView } from '@/modules/console/output-source'

export interface FindQuery {
  text: string
  regex: boolean
  matchCase: boolean
  errors: boolean // lines that look like errors, whatever `text` says
}

export const kNoQuery: FindQuery = { text: '', regex: false, matchCase: false, errors: false }

export interface ServerQuery {
  view: OutputView
  q: string
  regex: boolean
}

const kErrorWords =
  'errors?|err|fatal|panic|exception|traceback|failed|failure|critical|emerg|segfault|segmentation fault|' +
  'core dumped|denied|refused|timed out|cannot|no such file'
const kErrors = String.raw`\b(?:${kErrorWords})\b`
const kAnything = String.raw`\S`

export function isEmpty(query: FindQuery): boolean {
  return query.text === '' && !query.errors
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

// Each answers with lines of its own: none is counted twice.
export function serverQueries(query: FindQuery, view: OutputView): ServerQuery[] {
  if (query.errors) {
    const words = { view: { ...view, stream: 'stdout' as const }, q: `(?i)${kErrors}`, regex: true }
    const all = { view: { ...view, stream: 'stderr' as const }, q: kAnything, regex: true }
    return [words, all].filter((each) => view.stream === undefined || view.stream === each.view.stream)
  }
  const { text, regex, matchCase } = query
  if (!regex && matchCase) return [{ view, q: text, regex: false }]
  const pattern = regex ? `(?:${text})` : escaped(text)
  return [{ view, q: matchCase ? pattern : `(?i)${pattern}`, regex: true }]
}

// Nothing when the browser does not understand what the server does; then hits are not marked in their
// lines.
export function hitPattern(query: FindQuery): RegExp | undefined {
  if (isEmpty(query)) return undefined
  if (query.errors) return new RegExp(kErrors, 'gi')
  const source = query.regex ? query.text : escaped(query.text)
  const flags = query.matchCase ? 'g' : 'gi'
  for (const each of [`${flags}u`, flags]) {
    try {
      return new RegExp(source, each)
    } catch {
      continue
    }
  }
  return undefined
}

export function matches(
  query: FindQuery,
  pattern: RegExp | undefined,
  text: string,
  stderr: boolean,
): boolean {
  if (query.errors && stderr) return text.trim() !== ''
  if (!pattern) return false
  pattern.lastIndex = 0
  return pattern.test(text)
}

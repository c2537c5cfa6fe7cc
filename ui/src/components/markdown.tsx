// Markdown as elements, never as HTML text. Links leave for http, https and mailto only; pictures are not
// loaded.
import { Suspense, lazy } from 'react'

const Rendered = lazy(() =>
  import('@/components/markdown-rendered').then((m) => ({ default: m.MarkdownRendered })),
)

// Boxes of task lists ("- [ ] look"), by where they are in the text.
export interface Checks {
  ticked: ReadonlySet<number>
  toggle: (place: number) => void
  disabled: boolean
}

export function Markdown({ text, checks }: { text: string; checks?: Checks }) {
  return (
    <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
      <Rendered text={text} checks={checks} />
    </Suspense>
  )
}

// Markdown as elements, never as HTML text. Links leave for http, https and mailto only; pictures are not
// loaded.
import { Suspense, lazy } from 'react'

const Rendered = lazy(() =>
  import('@/components/markdown-rendered').then((m) => ({ default: m.MarkdownRendered })),
)

export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
      <Rendered text={text} />
    </Suspense>
  )
}

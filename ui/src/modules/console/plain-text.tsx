// The output as a plain page in parts, for screen readers and for those who want the browser to select.
import { useEffect, useState } from 'react'

import { Button } from '@/components/button'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { count } from '@/lib/format'
import type { LogStore } from '@/modules/console/log-store'
import { readText } from '@/modules/console/selection'
import { useSampled } from '@/modules/console/use-log'

const kLines = 2000

interface Part {
  of: string // which store and lines
  text: string
  error: unknown
}

export function PlainText({ store }: { store: LogStore }) {
  const lines = useSampled(store, () => store.lines)
  const parts = Math.max(1, Math.ceil(lines / kLines))
  const [part, setPart] = useState(parts - 1)
  const [again, setAgain] = useState(0)
  const [shown, setShown] = useState<Part | undefined>(undefined)
  const at = Math.min(part, parts - 1)
  const from = at * kLines
  const to = Math.min(lines, from + kLines) - 1
  const of = `${from}-${to}-${again}`
  useEffect(() => {
    const abort = new AbortController()
    readText(store, { from, to }, abort.signal).then(
      (text) => setShown({ of, text, error: undefined }),
      (error: unknown) => {
        if (!abort.signal.aborted) setShown({ of, text: '', error })
      },
    )
    return () => abort.abort()
  }, [store, from, to, of])

  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface text-fg">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <h3 className="font-semibold">
          Lines {count(Math.min(from + 1, lines))} to {count(to + 1)} of {count(lines)}
        </h3>
        <Button disabled={at === 0} onClick={() => setPart(at - 1)}>
          Earlier lines
        </Button>
        <Button disabled={at >= parts - 1} onClick={() => setPart(at + 1)}>
          Later lines
        </Button>
      </div>
      {shown?.error !== undefined ? (
        <ErrorState
          what="These lines could not be loaded."
          error={shown.error}
          onRetry={() => setAgain(again + 1)}
        />
      ) : shown === undefined ? (
        <SkeletonRows />
      ) : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
        <pre tabIndex={0} role="region" aria-label="Plain text" className="console-plain">
          {shown.text}
        </pre>
      )}
    </div>
  )
}

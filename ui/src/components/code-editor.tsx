// A text field for code: YAML, shell, JSON, Markdown, CEL. The editor itself is a chunk of its own, loaded
// when the first one is shown; until then the text can be read.
import { Suspense, lazy } from 'react'

import { cx } from '@/components/class-names'

export type CodeLanguage = 'yaml' | 'shell' | 'json' | 'markdown' | 'cel'

export interface CodeDiagnostic {
  from: number
  to: number
  message: string
}

export interface CodeWord {
  word: string
  about?: string
}

export interface CodeEditorHandle {
  focus: () => void
  show: (from: number, to?: number) => void // brings it into view and puts the cursor there
  cursor: () => number
}

export interface CodeEditorProps {
  language: CodeLanguage
  value: string
  onChange?: (value: string) => void
  label: string
  description?: string | undefined
  readOnly?: boolean
  diagnostics?: CodeDiagnostic[]
  words?: CodeWord[] // offered while typing
  minRows?: number
  maxRows?: number
  fill?: boolean // takes the height of what it stands in
  lineNumbers?: boolean
  invalid?: boolean
  onReady?: (handle: CodeEditorHandle) => void
  onCursor?: (offset: number) => void
}

const View = lazy(() => import('@/components/code-editor-view').then((m) => ({ default: m.CodeEditorView })))

const kRowPx = 18
const kMarginPx = 8

export function CodeEditor(props: CodeEditorProps) {
  const rows = Math.max(props.minRows ?? 3, Math.min(props.value.split('\n').length, props.maxRows ?? 20))
  return (
    <div
      className={cx(
        'min-w-0 bg-surface',
        props.fill ? 'h-full' : 'overflow-hidden rounded-md border focus-within:border-accent',
        !props.fill && (props.invalid ? 'border-failed' : 'border-line2'),
      )}
    >
      <Suspense
        fallback={
          <pre
            aria-busy="true"
            style={props.fill ? undefined : { height: rows * kRowPx + kMarginPx }}
            className="overflow-hidden px-9 py-1 font-mono text-[12px]/[18px] text-mute"
          >
            {props.value}
          </pre>
        }
      >
        <View {...props} />
      </Suspense>
    </div>
  )
}

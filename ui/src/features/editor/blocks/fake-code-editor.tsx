// Stands for the code editor in tests of forms: what it is given and what it gives back, in a plain field.
import { useId } from 'react'

import type { CodeEditorProps } from '@/components/code-editor'

export function CodeEditor({ label, value, onChange, invalid, description }: CodeEditorProps) {
  const id = useId()
  return (
    <>
      <textarea
        aria-label={label}
        aria-describedby={id}
        aria-invalid={invalid || undefined}
        value={value}
        onChange={(event) => onChange?.(event.target.value)}
      />
      <span id={id}>{description}</span>
    </>
  )
}

// A text of code under its label; what is wrong with it stands below and is tied to it.
import type { ReactNode } from 'react'

import { TextArea } from '@/components/field'
import { formatPlain } from '@/components/number-field'

export type CodeLanguage = 'shell' | 'json' | 'markdown' | 'cel'

interface Props {
  language: CodeLanguage
  label: string
  description?: ReactNode
  error?: string | undefined
  value: unknown
  onChange: (value: string) => void
  minRows?: number
}

export function CodeField({ label, description, error, value, onChange, minRows = 3 }: Props) {
  return (
    <TextArea
      label={label}
      description={description}
      error={error}
      rows={minRows}
      spellCheck={false}
      className="font-mono text-small"
      value={formatPlain(value)}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

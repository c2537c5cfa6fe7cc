// A text of code under its label. What is wrong with it stands below, and is read with the field.
import type { ReactNode } from 'react'

import { CodeEditor, type CodeLanguage } from '@/components/code-editor'
import { FieldGroup } from '@/components/field-group'
import { formatPlain } from '@/components/number-field'
import { expressionWords } from '@/features/editor/blocks/expression-words'
import type { BlockFormProps } from '@/features/editor/block-model'

interface Props {
  props?: BlockFormProps // offers the names it may use
  language: CodeLanguage
  label: string
  description?: string
  error?: string | undefined
  value: unknown
  onChange: (value: string) => void
  minRows?: number
  end?: ReactNode // at the right of the label
}

export function CodeField(all: Props) {
  const { props, language, label, description, error, value, onChange, minRows, end } = all
  return (
    <FieldGroup label={label} description={description} error={error} end={end}>
      <CodeEditor
        language={language}
        label={label}
        description={[error, description].filter(Boolean).join(' ')}
        invalid={error !== undefined}
        value={formatPlain(value)}
        onChange={onChange}
        minRows={minRows ?? 3}
        lineNumbers={language === 'shell' || language === 'json'}
        {...(props && { words: expressionWords(props, language) })}
      />
    </FieldGroup>
  )
}

// The body of a request: none, JSON, or a text as it is.
import { useState } from 'react'

import { Choice } from '@/components/choice'
import { FieldGroup } from '@/components/field-group'
import { useTypedText } from '@/components/use-typed-text'
import { CodeField } from '@/features/editor/blocks/code-field'
import type { ConfigFields } from '@/features/editor/blocks/config-fields'

type Kind = 'none' | 'json' | 'text'

const kKinds = [
  { value: 'none', label: 'None' },
  { value: 'json', label: 'JSON' },
  { value: 'text', label: 'Text' },
] as const

function kindOf(body: unknown): Kind {
  if (body === undefined) return 'none'
  return typeof body === 'string' ? 'text' : 'json'
}

export function jsonFault(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? 'A text alone is sent as it is: choose Text.' : undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read'
    return `This is no JSON, and not yet in the document: ${why}`
  }
}

function read(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const write = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body, null, 2))

export function BodyField({ fields }: { fields: ConfigFields }) {
  const body = fields.value('body')
  const [kind, setKind] = useState<Kind>(() => kindOf(body))
  const shown = kindOf(body) === 'none' ? kind : kindOf(body)
  const choose = (next: Kind) => {
    setKind(next)
    if (next === 'none') fields.set('body')(undefined)
    else if (next === 'text') fields.set('body')(body === undefined ? '' : write(body))
    else fields.set('body')(typeof body === 'string' ? (read(body) ?? {}) : (body ?? {}))
  }
  return (
    <FieldGroup
      label="Body"
      end={<Choice label="Kind of body" options={kKinds} value={shown} onChange={choose} />}
    >
      {shown === 'json' && <JsonBody fields={fields} />}
      {shown === 'text' && (
        <CodeField
          language="json"
          label="Body text"
          error={fields.errorWithin('body')}
          value={body}
          onChange={fields.set('body')}
        />
      )}
    </FieldGroup>
  )
}

function JsonBody({ fields }: { fields: ConfigFields }) {
  const [text, setText] = useTypedText<unknown>(fields.value('body'), write, read)
  return (
    <CodeField
      language="json"
      label="Body as JSON"
      description={'"${{ params.number }}" as a whole text keeps the kind of its value.'}
      error={jsonFault(text) ?? fields.errorWithin('body')}
      value={text}
      onChange={(next) => {
        setText(next)
        if (jsonFault(next) === undefined) fields.set('body')(read(next))
      }}
    />
  )
}

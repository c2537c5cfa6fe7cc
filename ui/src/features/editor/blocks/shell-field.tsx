// The program that reads a command's text: the usual ones, or any other with its arguments.
import { useState } from 'react'

import { SelectField, TextField } from '@/components/field'
import { formatPlain } from '@/components/number-field'
import { useTypedText } from '@/components/use-typed-text'
import type { ConfigFields } from '@/features/editor/blocks/config-fields'

const kUsual: { label: string; value: unknown; also?: unknown[] }[] = [
  { label: '/bin/sh', value: undefined, also: ['/bin/sh', ['/bin/sh', '-c']] },
  { label: 'bash', value: '/bin/bash', also: [['/bin/bash', '-c']] },
  { label: 'bash that stops at the first error', value: ['bash', '-euo', 'pipefail', '-c'] },
]
const kOther = 'other'

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

// Words with spaces between them; a list with odd words is JSON.
export function shellText(shell: unknown): string {
  if (!Array.isArray(shell)) return formatPlain(shell)
  const plain = shell.every((word) => typeof word === 'string' && /^[^\s"[\]]+$/.test(word))
  return plain && shell.length > 1 ? shell.join(' ') : JSON.stringify(shell)
}

export function readShell(text: string): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (trimmed.startsWith('['))
    try {
      return JSON.parse(trimmed) as unknown
    } catch {
      return trimmed
    }
  const words = trimmed.split(/\s+/)
  return words.length > 1 ? words : trimmed
}

export function ShellField({ fields }: { fields: ConfigFields }) {
  const shell = fields.value('shell')
  const known = kUsual.findIndex((each) => [each.value, ...(each.also ?? [])].some((one) => same(one, shell)))
  const [other, setOther] = useState(known < 0)
  const [text, setText] = useTypedText<unknown>(shell, shellText, readShell)
  const free = other || known < 0
  const error = fields.errorWithin('shell')
  const choose = (chosen: string) => {
    setOther(chosen === kOther)
    if (chosen !== kOther) fields.set('shell')(kUsual[Number(chosen)]?.value)
  }
  return (
    <>
      <SelectField
        label="Shell"
        error={free ? undefined : error}
        value={free ? kOther : known}
        onChange={(event) => choose(event.target.value)}
      >
        {kUsual.map((each, index) => (
          <option key={each.label} value={index}>
            {each.label}
          </option>
        ))}
        <option value={kOther}>Other…</option>
      </SelectField>
      {free && (
        <TextField
          label="Shell and its arguments"
          description="A path gets -c; of several words the last comes before the text: bash -eu -c"
          mono
          error={error}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            fields.set('shell')(readShell(event.target.value))
          }}
        />
      )}
    </>
  )
}

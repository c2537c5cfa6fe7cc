// A value nobody else is to read: not on the screen, not remembered by the browser. What has several lines,
// such as a key file, is hidden in a field that keeps its line ends.
import type { ClipboardEvent } from 'react'

import { TextArea, TextField } from '@/components/field'

const kLines = 4

interface Props {
  label: string
  description: string | undefined
  error: string | undefined
  optional: boolean
  value: string
  'aria-required': true | undefined
  mayBeLong: boolean
  onChange: (value: string) => void
}

export function SecretField({ description, value, mayBeLong, onChange, ...rest }: Props) {
  const about = [description, 'Secret: shown nowhere, masked in all output.'].filter(Boolean).join(' ')
  const shared = { ...rest, description: about, value, autoComplete: 'off', spellCheck: false }
  // A field of one line would join them.
  const paste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text')
    if (!mayBeLong || value !== '' || !/\n./.test(text)) return
    event.preventDefault()
    onChange(text)
  }
  if (value.includes('\n'))
    return (
      <TextArea
        {...shared}
        rows={kLines}
        className="font-mono text-small [-webkit-text-security:disc]"
        onChange={(event) => onChange(event.target.value)}
      />
    )
  return (
    <TextField
      {...shared}
      type="password"
      mono
      onPaste={paste}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

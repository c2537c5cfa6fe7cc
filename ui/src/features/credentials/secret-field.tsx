// A secret to be typed or pasted: a key file for ssh, one line for the others.
import { TextArea, TextField } from '@/components/field'
import type { Credential } from '@/lib/model'

const kKeyLines = 8

interface Props {
  type: Credential['type']
  value: string
  onChange: (secret: string) => void
  error: string | undefined
}

export function SecretField({ type, value, onChange, error }: Props) {
  if (type === 'ssh')
    return (
      <TextArea
        label="Private key file"
        description="The whole file, from -----BEGIN to -----END. Commands get the path of a copy for ssh -i."
        required
        rows={kKeyLines}
        autoComplete="off"
        spellCheck={false}
        className="font-mono text-small"
        error={error}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  return (
    <TextField
      label="Token or password"
      description="It is never shown again."
      type="password"
      autoComplete="new-password"
      required
      mono
      error={error}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

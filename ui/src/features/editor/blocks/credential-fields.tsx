// Credentials by name, and how a request carries one. Names that are not there yet may be typed: a run needs
// them, the runbook does not.
import { Combobox } from '@/components/combobox'
import { Field, SelectField, controlClass } from '@/components/field'
import { cx } from '@/components/class-names'
import type { ConfigFields } from '@/features/editor/blocks/config-fields'
import { useCredentialNames } from '@/features/editor/blocks/credential-names'
import { NamesField } from '@/features/editor/blocks/names-field'
import { toApiError } from '@/lib/api-client'

function useNames(type: 'ssh' | 'api' | undefined) {
  const credentials = useCredentialNames()
  const names = (credentials.data ?? []).filter((each) => type === undefined || each.type === type)
  const note = credentials.isError
    ? `The names cannot be listed: ${toApiError(credentials.error).message}`
    : undefined
  const missing = (name: string) =>
    credentials.data !== undefined && name !== '' && !names.some((each) => each.name === name)
  return { names: names.map((each) => each.name), note, missing }
}

// Not an error: it may be made before the runbook is run.
function missingText(missing: string[], type: 'API ' | ''): string | undefined {
  if (missing.length === 0) return undefined
  return `No ${type}credential is called ${missing.join(' or ')} yet: runs are refused until there is one.`
}

export function CredentialNames({ fields }: { fields: ConfigFields }) {
  const { names, note, missing } = useNames(undefined)
  const written = fields.value('credentials')
  const used = Array.isArray(written) ? written.filter((each) => typeof each === 'string') : []
  const about = 'Each is a file for the time of the step; RUNBOOK_CREDENTIAL_<NAME> is its path.'
  return (
    <NamesField
      label="Credentials"
      description={note ?? missingText(used.filter(missing), '') ?? about}
      fields={fields}
      name="credentials"
      suggestions={names}
      placeholder="Add a credential by name…"
    />
  )
}

const kAuth = [
  { value: 'bearer', label: 'Authorization: Bearer', secret: 'The secret is the token.' },
  { value: 'basic', label: 'Basic: user and password', secret: 'The secret is user:password.' },
  { value: 'header', label: 'A header of its own', secret: 'The secret is Name: value.' },
]

export function ApiCredential({ fields }: { fields: ConfigFields }) {
  const { names, note, missing } = useNames('api')
  const name = fields.text('credential')
  const auth = fields.value('auth')
  const authText = typeof auth === 'string' ? auth : ''
  const set = (next: string) => fields.setText('credential')(next)
  const about = note ?? missingText([name].filter(missing), 'API ')
  return (
    <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2">
      <Field label="Credential" optional description={about} error={fields.errorWithin('credential')}>
        {(ids) => (
          <Combobox
            {...ids}
            listLabel="Credentials"
            placeholder="none"
            value={name}
            onChange={set}
            suggestions={names
              .filter((each) => each.includes(name))
              .map((each) => ({ key: each, text: each }))}
            onTake={(one) => set(one.text)}
            className={cx(controlClass, 'h-7 w-full font-mono text-small max-md:h-11')}
          />
        )}
      </Field>
      <SelectField
        label="Sent as"
        value={authText || 'bearer'}
        disabled={name === '' && auth === undefined}
        description={kAuth.find((each) => each.value === (authText || 'bearer'))?.secret}
        error={fields.errorWithin('auth')}
        onChange={(event) =>
          fields.set('auth')(event.target.value === 'bearer' ? undefined : event.target.value)
        }
      >
        {authText !== '' && !kAuth.some((each) => each.value === authText) && (
          <option value={authText}>{authText}</option>
        )}
        {kAuth.map((each) => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </SelectField>
    </div>
  )
}

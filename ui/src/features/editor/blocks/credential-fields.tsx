// Credentials by name, and how a request carries one. Names the server does not list may be typed: it judges
// them when the runbook is saved.
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
  return { names: names.map((each) => each.name), note }
}

export function CredentialNames({ fields }: { fields: ConfigFields }) {
  const { names, note } = useNames(undefined)
  return (
    <NamesField
      label="Credentials"
      description={note ?? 'Each is a file for the time of the step; RUNBOOK_CREDENTIAL_<NAME> is its path.'}
      fields={fields}
      name="credentials"
      suggestions={names}
      placeholder="Add a credential by name…"
    />
  )
}

const kAuth = [
  { value: 'bearer', label: 'Authorization: Bearer' },
  { value: 'basic', label: 'Basic: user and password' },
  { value: 'header', label: 'A header of its own' },
]

export function ApiCredential({ fields }: { fields: ConfigFields }) {
  const { names, note } = useNames('api')
  const name = fields.text('credential')
  const auth = fields.value('auth')
  const authText = typeof auth === 'string' ? auth : ''
  const set = (next: string) => fields.setText('credential')(next)
  return (
    <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2">
      <Field label="Credential" optional description={note} error={fields.errorWithin('credential')}>
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
        value={authText}
        error={fields.errorWithin('auth')}
        onChange={(event) => fields.setText('auth')(event.target.value)}
      >
        <option value="">
          {auth !== undefined && auth !== null && authText === '' ? 'as in the YAML' : 'not chosen'}
        </option>
        {kAuth.map((each) => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </SelectField>
    </div>
  )
}

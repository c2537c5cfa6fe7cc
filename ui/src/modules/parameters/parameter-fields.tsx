// One control per parameter, by its type.
import { SecretField } from '@/modules/parameters/secret-field'
import { SelectField, TextArea, TextField } from '@/components/field'
import { type Typed, isTypedSecret } from '@/modules/parameters/parameter-values'
import type { Parameter } from '@/lib/model'

interface Props {
  parameters: Parameter[]
  typed: Typed
  faults: Record<string, string | undefined>
  onChange: (name: string, value: string) => void
}

export function ParameterFields({ parameters, typed, faults, onChange }: Props) {
  return (
    <div className="flex flex-col gap-4">
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={typed[parameter.name] ?? ''}
          error={faults[parameter.name]}
          onChange={(value) => onChange(parameter.name, value)}
        />
      ))}
    </div>
  )
}

interface FieldProps {
  parameter: Parameter
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

function ParameterField({ parameter, value, error, onChange }: FieldProps) {
  const required = parameter.required === true && parameter.default == null
  const shared = {
    label: parameter.name,
    description: parameter.description || undefined,
    error,
    optional: !required,
    value,
    'aria-required': required || undefined,
    placeholder: parameter.default == null ? undefined : String(parameter.default),
  }
  if (isTypedSecret(parameter))
    return <SecretField {...shared} mayBeLong={parameter.type === 'string'} onChange={onChange} />
  const choices = parameter.type === 'boolean' ? ['true', 'false'] : parameter.choices
  if (choices && (parameter.type === 'boolean' || parameter.type === 'choice'))
    return (
      <SelectField {...shared} onChange={(event) => onChange(event.target.value)}>
        {(value === '' || !required) && <option value="">{required ? 'Choose…' : 'Not set'}</option>}
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </SelectField>
    )
  if (parameter.type === 'string' && value.includes('\n'))
    return <TextArea {...shared} onChange={(event) => onChange(event.target.value)} />
  return (
    <TextField
      {...shared}
      mono
      inputMode={parameter.type === 'integer' ? 'numeric' : parameter.type === 'number' ? 'decimal' : 'text'}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

// The values a runbook asks for when it is started.
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'

import { Button } from '@/components/button'
import { SelectField, TextField } from '@/components/field'
import { IconButton } from '@/components/icon-button'
import { Switch } from '@/components/switch'
import { useEditor } from '@/features/editor/editor-context'
import { useRunbookFields } from '@/features/editor/runbook-section'
import { arrange } from '@/features/editor/yaml-blocks'
import { setIn } from '@/features/editor/yaml-sync'
import type { Parameter } from '@/lib/model'

const kTypes: [Parameter['type'], string][] = [
  ['string', 'Text'],
  ['integer', 'Whole number'],
  ['number', 'Number'],
  ['boolean', 'Yes or no'],
  ['choice', 'One of a list'],
]

export function ParameterList() {
  const { state, store } = useEditor()
  const { set, setPath, problemAt } = useRunbookFields()
  const { parameters } = state.runbook
  const add = () => {
    const fresh = { name: freshName(parameters), type: 'string' }
    if (parameters.length === 0) set('parameters', [fresh])
    else setPath(['parameters', parameters.length], fresh)
  }
  const order = parameters.map((_, index) => index)
  const rearrange = (next: number[]) =>
    next.length === 0
      ? set('parameters', undefined)
      : store.edit((document) => arrange(document, next, 'parameters'))
  const swap = (index: number, other: number) =>
    rearrange(order.map((at) => (at === index ? other : at === other ? index : at)))
  return (
    <div role="group" aria-labelledby="parameters-title" className="flex flex-col gap-2">
      <h3 id="parameters-title" className="font-medium">
        Parameters
      </h3>
      {problemAt('/parameters') && <p className="text-failed">{problemAt('/parameters')}</p>}
      {parameters.length > 0 && (
        <ol className="flex flex-col gap-3">
          {parameters.map((parameter, index) => (
            <li key={index} className="flex flex-col gap-3 rounded-md border border-line p-3">
              <ParameterFields parameter={parameter} index={index} />
              <ParameterActions
                parameter={parameter}
                index={index}
                last={parameters.length - 1}
                onSwap={(other) => swap(index, other)}
                onRemove={() => rearrange(order.filter((at) => at !== index))}
              />
            </li>
          ))}
        </ol>
      )}
      <Button kind="quiet" icon={<Plus aria-hidden size={14} />} onClick={add} className="-ml-2 self-start">
        Add a parameter
      </Button>
    </div>
  )
}

interface ActionsProps {
  parameter: Parameter
  index: number
  last: number
  onSwap: (other: number) => void
  onRemove: () => void
}

function ParameterActions({ parameter, index, last, onSwap, onRemove }: ActionsProps) {
  const { store } = useEditor()
  const { setPath, problemAt } = useRunbookFields()
  // A default stands in the document, which is no secret.
  const keepSecret = (secret: boolean) =>
    store.edit((document) => {
      const next = setIn(document, ['parameters', index, 'secret'], secret ? true : undefined)
      return secret ? setIn(next, ['parameters', index, 'default'], undefined) : next
    })
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <Switch
        label="Required"
        checked={parameter.required === true}
        error={problemAt(`/parameters/${index}/required`)}
        onChange={(required) => setPath(['parameters', index, 'required'], required ? true : undefined)}
      />
      <Switch
        label="Secret"
        checked={parameter.secret === true}
        error={problemAt(`/parameters/${index}/secret`)}
        onChange={keepSecret}
      />
      {parameter.secret && <span className="text-small text-mute">masked everywhere, without a default</span>}
      <span className="flex-1" />
      <IconButton name={`Move ${parameter.name} up`} disabled={index === 0} onClick={() => onSwap(index - 1)}>
        <ArrowUp aria-hidden size={15} />
      </IconButton>
      <IconButton
        name={`Move ${parameter.name} down`}
        disabled={index === last}
        onClick={() => onSwap(index + 1)}
      >
        <ArrowDown aria-hidden size={15} />
      </IconButton>
      <IconButton name={`Delete ${parameter.name}`} onClick={onRemove}>
        <Trash2 aria-hidden size={15} />
      </IconButton>
    </div>
  )
}

function freshName(parameters: Parameter[]): string {
  for (let number = 1; ; number += 1) {
    const name = `value_${number}`
    if (!parameters.some((parameter) => parameter.name === name)) return name
  }
}

// What was typed, as the parameter's type has it; what does not fit stays text for the controller to judge.
export function defaultFor(type: Parameter['type'], typed: string): string | number | boolean | undefined {
  if (typed === '') return undefined
  if (type === 'boolean') return typed === 'true' ? true : typed === 'false' ? false : typed
  if (type !== 'integer' && type !== 'number') return typed
  const number = Number(typed)
  return Number.isFinite(number) && String(number) === typed ? number : typed
}

function ParameterFields({ parameter, index }: { parameter: Parameter; index: number }) {
  const { setPath, problemAt } = useRunbookFields()
  const at = (name: string) => problemAt(`/parameters/${index}/${name}`)
  const change = (name: string, value: unknown) => setPath(['parameters', index, name], value)
  const text = (name: keyof Parameter) => ({
    value: parameter[name] === undefined || parameter[name] === null ? '' : String(parameter[name]),
    error: at(name),
    onChange: (event: { target: { value: string } }) =>
      change(name, event.target.value === '' && name !== 'name' ? undefined : event.target.value),
  })
  return (
    <>
      {problemAt(`/parameters/${index}`) && (
        <p className="text-failed">{problemAt(`/parameters/${index}`)}</p>
      )}
      <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-3">
        <TextField label="Name" mono {...text('name')} />
        <SelectField
          label="Type"
          value={parameter.type}
          error={at('type')}
          onChange={(event) => change('type', event.target.value)}
        >
          {!kTypes.some(([type]) => type === parameter.type) && (
            <option value={parameter.type}>Choose</option>
          )}
          {kTypes.map(([type, name]) => (
            <option key={type} value={type}>
              {name}
            </option>
          ))}
        </SelectField>
        {(!parameter.secret || parameter.default != null) && (
          <DefaultField
            parameter={parameter}
            error={at('default')}
            change={(value) => change('default', value)}
          />
        )}
      </div>
      {parameter.type === 'choice' && (
        <TextField
          label="Choices"
          description="Separated by commas"
          key={JSON.stringify(parameter.choices)}
          defaultValue={(parameter.choices ?? []).join(', ')}
          error={at('choices')}
          onBlur={(event) => change('choices', event.target.value.split(',').map(trimmed).filter(Boolean))}
        />
      )}
      <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-[2fr_1fr]">
        <TextField label="Description" optional {...text('description')} />
        {parameter.type === 'string' && (
          <TextField
            label="Pattern"
            optional
            mono
            description="The whole value must match"
            {...text('pattern')}
          />
        )}
      </div>
    </>
  )
}

function trimmed(one: string): string {
  return one.trim()
}

interface DefaultProps {
  parameter: Parameter
  error: string | undefined
  change: (value: unknown) => void
}

function DefaultField({ parameter, error, change }: DefaultProps) {
  const value = parameter.default ?? ''
  const options =
    parameter.type === 'boolean'
      ? ['true', 'false']
      : parameter.type === 'choice'
        ? (parameter.choices ?? [])
        : []
  if (options.length === 0)
    return (
      <TextField
        label="Default"
        optional
        value={String(value)}
        error={error}
        onChange={(event) => change(defaultFor(parameter.type, event.target.value))}
      />
    )
  return (
    <SelectField
      label="Default"
      optional
      value={String(value)}
      error={error}
      onChange={(event) => change(defaultFor(parameter.type, event.target.value))}
    >
      <option value="">None</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </SelectField>
  )
}

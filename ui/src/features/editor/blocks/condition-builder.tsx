// Left side, operator and value of a condition. Written into the document once nothing is missing.
import { useId, useState } from 'react'

import { Field, SelectField, TextField, controlClass } from '@/components/field'
import { FieldError } from '@/components/field-group'
import { cx } from '@/components/class-names'
import type { BlockFormProps } from '@/features/editor/block-model'
import {
  type Condition,
  type Left,
  type Operator,
  type StepField,
  needsValue,
  pathFault,
  readCondition,
  writeCondition,
} from '@/features/editor/blocks/condition-expression'
import {
  kLooks,
  makeKindOf,
  operatorWord,
  operatorsFor,
  slugOptions,
} from '@/features/editor/blocks/condition-sides'

interface Props {
  props: BlockFormProps
  expression: string
  error: string | undefined
  onChange: (expression: string) => void
}

const kStatuses = ['success', 'error', 'skipped', 'stopped', 'unknown']

function firstCondition({ before, block, after, parameters }: BlockFormProps): Condition {
  const { earlier } = slugOptions(before, block, after)
  const step =
    earlier.findLast((each) => each.type === 'command') ?? earlier.findLast((each) => each.type === 'api')
  const field: StepField = step?.type === 'api' ? 'http_status' : 'exit_code'
  if (!step && parameters[0])
    return { left: { kind: 'param', name: parameters[0].name }, operator: '==', value: '' }
  return { left: { kind: 'step', slug: step?.slug ?? '', field, path: '' }, operator: '==', value: '' }
}

function useCondition({ props, expression, onChange }: Props) {
  const kindOf = makeKindOf(props.parameters)
  const [draft, setDraft] = useState(() => readCondition(expression, kindOf) ?? firstCondition(props))
  const [seen, setSeen] = useState(expression)
  if (seen !== expression) {
    setSeen(expression)
    if (writeCondition(draft, kindOf) !== expression) {
      const read = readCondition(expression, kindOf)
      if (read) setDraft(read)
    }
  }
  const set = (next: Condition) => {
    const allowed = operatorsFor(next.left, kindOf)
    const whole = { ...next, operator: allowed.includes(next.operator) ? next.operator : '==' } as Condition
    setDraft(whole)
    const written = writeCondition(whole, kindOf)
    if (written !== undefined && written !== expression) onChange(written)
  }
  return { draft, set, kindOf, written: writeCondition(draft, kindOf) === expression }
}

export function ConditionBuilder(all: Props) {
  const id = useId()
  const { draft, set, kindOf, written } = useCondition(all)
  const { left, operator, value } = draft
  const setLeft = (next: Left) => set({ ...draft, left: next })
  const note = written ? all.error : (all.error ?? 'Not in the document yet: something is missing.')
  return (
    <div role="group" aria-label="Condition" aria-describedby={note && id} className="flex flex-col gap-2">
      <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <LeftFields props={all.props} left={left} onChange={setLeft} />
        <SelectField
          label="Operator"
          value={operator}
          onChange={(event) => set({ ...draft, operator: event.target.value as Operator })}
        >
          {operatorsFor(left, kindOf).map((each) => (
            <option key={each} value={each}>
              {operatorWord(each)}
            </option>
          ))}
        </SelectField>
        {needsValue(operator) && (
          <ValueField
            left={left}
            operator={operator}
            props={all.props}
            value={value}
            onChange={(next) => set({ ...draft, value: next })}
          />
        )}
      </div>
      {written && <p className="font-mono text-small break-all text-mute">{all.expression}</p>}
      <FieldError id={id} error={note} />
    </div>
  )
}

interface LeftProps {
  props: BlockFormProps
  left: Left
  onChange: (left: Left) => void
}

function LeftFields({ props, left, onChange }: LeftProps) {
  const look = left.kind === 'param' ? 'param' : left.field
  const { earlier } = slugOptions(props.before, props.block, props.after)
  const types = kLooks.find((each) => each.value === look)?.types ?? []
  const steps = earlier.filter((each) => types.includes(each.type))
  const choose = (next: string) => {
    if (next === 'param') return onChange({ kind: 'param', name: props.parameters[0]?.name ?? '' })
    const wanted = kLooks.find((each) => each.value === next)?.types ?? []
    const fitting = earlier.filter((each) => wanted.includes(each.type))
    const kept =
      left.kind === 'step' && fitting.some((each) => each.slug === left.slug) ? left.slug : undefined
    onChange({ kind: 'step', slug: kept ?? fitting.at(-1)?.slug ?? '', field: next as StepField, path: '' })
  }
  return (
    <>
      <SelectField label="Look at" value={look} onChange={(event) => choose(event.target.value)}>
        {kLooks.map((each) => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </SelectField>
      {left.kind === 'param' ? (
        <NameSelect
          label="Parameter name"
          value={left.name}
          options={props.parameters.map(({ name }) => ({ value: name, label: name }))}
          none="There is no parameter"
          onChange={(name) => onChange({ kind: 'param', name })}
        />
      ) : (
        <NameSelect
          label="Step"
          value={left.slug}
          options={steps.map((each) => ({ value: each.slug, label: each.label }))}
          none="No earlier step has it"
          onChange={(slug) => onChange({ ...left, slug })}
        />
      )}
      {left.kind === 'step' && left.field === 'json' && (
        <TextField
          label="Path in it"
          mono
          placeholder="items[0].name"
          value={left.path}
          error={pathFault(left.path.trim())}
          onChange={(event) => onChange({ ...left, path: event.target.value })}
        />
      )}
    </>
  )
}

interface NameProps {
  label: string
  value: string
  options: { value: string; label: string }[]
  none: string
  onChange: (value: string) => void
}

// What the document names and nothing has is shown, not lost.
function NameSelect({ label, value, options, none, onChange }: NameProps) {
  const known = options.some((each) => each.value === value)
  return (
    <SelectField
      label={label}
      value={value}
      error={known || value === '' ? undefined : `Nothing before this block is called ${value}.`}
      onChange={(event) => onChange(event.target.value)}
    >
      {!known && <option value={value}>{value || (options.length > 0 ? 'Choose…' : none)}</option>}
      {options.map((each) => (
        <option key={each.value} value={each.value}>
          {each.label}
        </option>
      ))}
    </SelectField>
  )
}

interface ValueProps {
  left: Left
  operator: Operator
  props: BlockFormProps
  value: string
  onChange: (value: string) => void
}

function ValueField({ left, operator, props, value, onChange }: ValueProps) {
  const parameter =
    left.kind === 'param' ? props.parameters.find((each) => each.name === left.name) : undefined
  const listed =
    left.kind === 'step' && left.field === 'status'
      ? kStatuses
      : parameter?.type === 'boolean'
        ? ['true', 'false']
        : parameter?.choices
  if (listed && listed.length > 0 && (operator === '==' || operator === '!='))
    return (
      <SelectField label="Value" value={value} onChange={(event) => onChange(event.target.value)}>
        {!listed.includes(value) && <option value={value}>{value || 'Choose…'}</option>}
        {listed.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </SelectField>
    )
  return (
    <Field label="Value" description={operator === 'in' ? 'With commas between.' : undefined}>
      {(ids) => (
        <input
          {...ids}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={cx(controlClass, 'h-7 w-full font-mono text-small max-md:h-11')}
        />
      )}
    </Field>
  )
}

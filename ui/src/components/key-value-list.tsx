// Names with values, such as environment or headers. Each edit says which name it changes, so that a document
// keeps its order and comments.
import { Plus, X } from 'lucide-react'
import { useState } from 'react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { controlClass } from '@/components/field'
import { FieldGroup } from '@/components/field-group'
import { IconButton } from '@/components/icon-button'
import { formatPlain } from '@/components/number-field'

interface Row {
  id: number
  name: string
  value: string
}

interface Props {
  label: string
  description?: string
  error?: string | undefined
  errorAt?: (name: string) => string | undefined
  value: unknown
  nameLabel: string // "Variable"
  addLabel: string // "Add a variable"
  nameFault?: (name: string) => string | undefined
  onSet: (name: string, value: string) => void // a value, or a new name
  onReplace: (all: Record<string, unknown> | undefined) => void // renamed or removed
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function rowsOf(value: unknown): Row[] {
  if (!isMap(value)) return []
  return Object.entries(value).map(([name, each], id) => ({ id, name, value: formatPlain(each) }))
}

function mapOf(rows: Row[]): Record<string, string> {
  return Object.fromEntries(rows.filter((row) => row.name !== '').map((row) => [row.name, row.value]))
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

function useRows(value: unknown) {
  const [rows, setRows] = useState(() => rowsOf(value))
  const [seen, setSeen] = useState(value)
  if (!same(seen, value)) {
    setSeen(value)
    if (!same(mapOf(rows), mapOf(rowsOf(value)))) setRows(rowsOf(value))
  }
  return [rows, setRows] as const
}

export function KeyValueList(props: Props) {
  const { value, onSet, onReplace } = props
  const [rows, setRows] = useRows(value)
  const update = (next: Row[]) => {
    setRows(next)
    const all = mapOf(next)
    // What was not typed here keeps its kind.
    const kept = isMap(value) ? value : {}
    const made = Object.entries(all).map(([name, text]) => [
      name,
      name in kept && formatPlain(kept[name]) === text ? kept[name] : text,
    ])
    onReplace(made.length > 0 ? (Object.fromEntries(made) as Record<string, unknown>) : undefined)
  }
  const setValue = (row: Row, text: string) => {
    setRows(rows.map((each) => (each.id === row.id ? { ...each, value: text } : each)))
    if (row.name !== '') onSet(row.name, text)
  }
  const setName = (row: Row, name: string) => {
    const next = rows.map((each) => (each.id === row.id ? { ...each, name } : each))
    if (rows.some((each) => each.id !== row.id && each.name === name)) setRows(next)
    else update(next)
  }
  const add = () => {
    setRows([...rows, { id: Math.max(-1, ...rows.map((row) => row.id)) + 1, name: '', value: '' }])
  }
  const odd = value !== undefined && value !== null && !isMap(value)
  return (
    <FieldGroup
      label={props.label}
      description={props.description}
      error={
        props.error ?? (odd ? 'The document holds something else here. Mend it in the YAML.' : undefined)
      }
    >
      {rows.map((row, index) => (
        <RowFields
          key={row.id}
          row={row}
          number={index + 1}
          props={props}
          twice={row.name !== '' && rows.some((each) => each.id !== row.id && each.name === row.name)}
          onName={(name) => setName(row, name)}
          onValue={(text) => setValue(row, text)}
          onRemove={() => update(rows.filter((each) => each.id !== row.id))}
        />
      ))}
      <Button
        kind="quiet"
        icon={<Plus aria-hidden size={14} />}
        onClick={add}
        disabled={odd}
        className="-ml-2 self-start"
      >
        {props.addLabel}
      </Button>
    </FieldGroup>
  )
}

interface RowProps {
  row: Row
  number: number
  props: Props
  twice: boolean
  onName: (name: string) => void
  onValue: (value: string) => void
  onRemove: () => void
}

function RowFields({ row, number, props, twice, onName, onValue, onRemove }: RowProps) {
  const { label, nameLabel, nameFault, errorAt } = props
  const named = row.name || `${nameLabel.toLowerCase()} ${number}`
  const fault = twice
    ? 'This name is there twice.'
    : (row.name && (errorAt?.(row.name) ?? nameFault?.(row.name))) || undefined
  const noteId = `${label}-${row.id}-e`.replaceAll(' ', '-')
  const shared = {
    autoComplete: 'off',
    spellCheck: false,
    'aria-invalid': fault ? true : undefined,
    'aria-describedby': fault ? noteId : undefined,
  }
  const control = cx(controlClass, 'h-7 min-w-0 font-mono text-small max-md:h-11')
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center gap-1.5">
        <input
          {...shared}
          aria-label={`${nameLabel} ${number}`}
          placeholder="name"
          value={row.name}
          onChange={(event) => onName(event.target.value)}
          className={cx(control, 'w-2/5')}
        />
        <input
          {...shared}
          aria-label={`Value of ${named}`}
          placeholder="value"
          value={row.value}
          onChange={(event) => onValue(event.target.value)}
          className={cx(control, 'flex-1')}
        />
        <IconButton name={`Remove ${named}`} onClick={onRemove}>
          <X aria-hidden size={14} />
        </IconButton>
      </div>
      {fault && (
        <p id={noteId} className="text-small text-failed">
          {fault}
        </p>
      )}
    </div>
  )
}

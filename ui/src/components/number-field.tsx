// A whole number, typed. Empty means: not set. What is no number is handed on as the text it is, so that the
// document never differs from what the field shows; `error` or the server says what is wrong with it.
import { Field, type Labelled, controlClass } from '@/components/field'
import { cx } from '@/components/class-names'
import { useTypedText } from '@/components/use-typed-text'

interface Props extends Labelled {
  value: unknown
  onChange: (value: number | string | undefined) => void
  min?: number
  max?: number
  unit?: string // stands behind the number
  percent?: boolean // "25%" is also a value
  placeholder?: string // the default
  className?: string
}

export function parseWhole(text: string): number | string | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  const value = Number(trimmed)
  return /^[+-]?\d+$/.test(trimmed) && Number.isSafeInteger(value) ? value : trimmed
}

export function formatPlain(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export function numberFault(
  value: unknown,
  {
    min,
    max,
    percent,
  }: { min?: number | undefined; max?: number | undefined; percent?: boolean | undefined },
): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string' && percent) {
    const share = /^0*(\d{1,3})%$/.exec(value)
    if (share && Number(share[1]) <= 100 && (Number(share[1]) > 0 || !min)) return undefined
  }
  if (typeof value !== 'number' || !Number.isInteger(value))
    return percent ? 'This is a whole number, or a percentage such as 25%.' : 'This is a whole number.'
  if (min !== undefined && value < min) return `At least ${min}.`
  if (max !== undefined && value > max) return `At most ${max}.`
  return undefined
}

export function NumberField({ value, onChange, min, max, unit, percent, placeholder, ...rest }: Props) {
  const { label, description, error, optional, className } = rest
  const [text, setText] = useTypedText<unknown>(value, formatPlain, parseWhole)
  const fault = error ?? numberFault(value, { min, max, percent })
  return (
    <Field {...{ label, description, error: fault, optional }}>
      {(ids) => (
        <span className={cx('relative block', className)}>
          <input
            {...ids}
            type="text"
            inputMode={percent ? 'text' : 'numeric'}
            autoComplete="off"
            placeholder={placeholder}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              onChange(parseWhole(event.target.value))
            }}
            className={cx(controlClass, 'tabular h-7 w-full max-md:h-11', unit && 'pr-16')}
          />
          {unit && (
            <span
              aria-hidden
              className={cx(
                'pointer-events-none absolute inset-y-0 right-2',
                'inline-flex items-center text-small text-mute',
              )}
            >
              {typeof value === 'string' && value.endsWith('%') ? 'of hosts' : unit}
            </span>
          )}
        </span>
      )}
    </Field>
  )
}

// A length of time in whole seconds, typed as people write it: 90, 90s, 5m, 1h 30m. Empty means: not set.
// What is none is handed on as text, like in NumberField.
import { Field, type Labelled, controlClass } from '@/components/field'
import { cx } from '@/components/class-names'
import { formatPlain } from '@/components/number-field'
import { useTypedText } from '@/components/use-typed-text'
import { formatDuration, parseDuration } from '@/lib/duration-text'

interface Props extends Labelled {
  value: unknown
  onChange: (seconds: number | string | undefined) => void
  min?: number
  max?: number
  placeholder?: string
}

const format = (value: unknown) => (typeof value === 'number' ? formatDuration(value) : formatPlain(value))
const parse = (text: string) => (text.trim() === '' ? undefined : (parseDuration(text) ?? text.trim()))

export function durationFault(value: unknown, min: number, max: number): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value))
    return 'This is no length of time. Write it like 90s, 5m or 1h 30m.'
  if (value < min) return `At least ${formatDuration(min)}.`
  return value > max ? `At most ${formatDuration(max)}.` : undefined
}

export function DurationField({ value, onChange, min = 0, max = 604_800, placeholder, ...rest }: Props) {
  const { label, description, error, optional } = rest
  const [text, setText] = useTypedText<unknown>(value, format, parse)
  const fault = error ?? durationFault(value, min, max)
  return (
    <Field {...{ label, description, error: fault, optional }}>
      {(ids) => (
        <input
          {...ids}
          type="text"
          autoComplete="off"
          placeholder={placeholder}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            onChange(parse(event.target.value))
          }}
          onBlur={() => setText(format(value))}
          className={cx(controlClass, 'tabular h-7 w-full max-md:h-11')}
        />
      )}
    </Field>
  )
}

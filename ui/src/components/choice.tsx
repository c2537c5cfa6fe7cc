// One of a few, all visible: radio buttons drawn as one bar.
import { useId } from 'react'

import { cx } from '@/components/class-names'

interface Props<T extends string> {
  label: string
  options: readonly { value: T; label: string }[]
  value: T
  onChange: (value: T) => void
}

export function Choice<T extends string>({ label, options, value, onChange }: Props<T>) {
  const name = useId()
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex max-w-full flex-wrap self-start rounded-md border border-line2 p-px"
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={cx(
            'inline-flex min-h-6 cursor-pointer items-center rounded-[5px] px-2.5 text-small max-md:min-h-11',
            'has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent',
            option.value === value ? 'bg-accent-bg font-semibold text-accent' : 'text-mute hover:bg-raised',
          )}
        >
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="sr-only"
          />
          {option.label}
        </label>
      ))}
    </div>
  )
}

// On or off, at once. A checkbox underneath, so that keyboard, forms and screen readers know it.
import { type ReactNode, useId } from 'react'

import { cx } from '@/components/class-names'
import { FieldError } from '@/components/field-group'

interface Props {
  label: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  description?: ReactNode
  error?: string | undefined
  disabled?: boolean
}

export function Switch({ label, checked, onChange, description, error, disabled }: Props) {
  const id = useId()
  const notes = [description && `${id}-d`, error && `${id}-e`].filter(Boolean).join(' ')
  return (
    <div className="flex flex-col gap-0.5">
      <label className="inline-flex min-h-7 cursor-pointer items-center gap-2 self-start max-md:min-h-11">
        <input
          type="checkbox"
          role="switch"
          checked={checked}
          disabled={disabled}
          aria-describedby={notes || undefined}
          aria-invalid={error ? true : undefined}
          onChange={(event) => onChange(event.target.checked)}
          className="peer sr-only"
        />
        <span
          aria-hidden
          className={cx(
            'flex h-5 w-9 shrink-0 items-center rounded-full border px-0.5 transition-colors duration-100',
            'peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2',
            'peer-focus-visible:outline-accent',
            checked ? 'justify-end border-accent bg-accent' : 'border-line2 bg-raised',
            disabled && 'opacity-60',
          )}
        >
          <span className={cx('size-3.5 rounded-full', checked ? 'bg-on-accent' : 'bg-mute')} />
        </span>
        <span>{label}</span>
      </label>
      {description && (
        <p id={`${id}-d`} className="text-small text-mute">
          {description}
        </p>
      )}
      <FieldError id={`${id}-e`} error={error} />
    </div>
  )
}

// A labelled control. Description and error are tied to it; the error has an icon and words, not only a
// colour.
import { CircleX } from 'lucide-react'
import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react'

import { cx } from '@/components/class-names'

export interface Labelled {
  label: string
  description?: ReactNode
  error?: string | undefined
  optional?: boolean
}

export interface FieldIds {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
}

export const controlClass =
  'rounded-md border border-line2 bg-surface px-2 text-fg aria-invalid:border-failed ' +
  'disabled:opacity-60 max-md:text-[16px]'

// For controls that are none of those below: takes the ids to tie.
export function Field({
  label,
  description,
  error,
  optional,
  children,
}: Labelled & { children: (ids: FieldIds) => ReactNode }) {
  const id = useId()
  const notes = [description && `${id}-d`, error && `${id}-e`].filter(Boolean).join(' ')
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
        {optional && <span className="ml-2 font-normal text-faint">optional</span>}
      </label>
      {children({ id, 'aria-describedby': notes || undefined, 'aria-invalid': error ? true : undefined })}
      {description && (
        <p id={`${id}-d`} className="text-small text-mute">
          {description}
        </p>
      )}
      {error && (
        <p id={`${id}-e`} className="flex items-start gap-1.5 text-small text-failed">
          <CircleX aria-hidden size={14} className="mt-0.5 shrink-0" />
          {error}
        </p>
      )}
    </div>
  )
}

type TextProps = Labelled & InputHTMLAttributes<HTMLInputElement> & { mono?: boolean }

export function TextField({ label, description, error, optional, mono, className, ...rest }: TextProps) {
  return (
    <Field {...{ label, description, error, optional }}>
      {(ids) => (
        <input
          {...ids}
          autoComplete="off"
          spellCheck={false}
          className={cx(controlClass, 'h-7 w-full max-md:h-11', mono && 'font-mono text-small', className)}
          {...rest}
        />
      )}
    </Field>
  )
}

type AreaProps = Labelled & TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> }

export function TextArea({ label, description, error, optional, className, ...rest }: AreaProps) {
  return (
    <Field {...{ label, description, error, optional }}>
      {(ids) => (
        <textarea {...ids} rows={2} className={cx(controlClass, 'w-full py-1', className)} {...rest} />
      )}
    </Field>
  )
}

type SelectProps = Labelled & SelectHTMLAttributes<HTMLSelectElement>

export function SelectField({ label, description, error, optional, children, ...rest }: SelectProps) {
  return (
    <Field {...{ label, description, error, optional }}>
      {(ids) => (
        <select {...ids} className={cx(controlClass, 'h-7 w-full max-md:h-11')} {...rest}>
          {children}
        </select>
      )}
    </Field>
  )
}

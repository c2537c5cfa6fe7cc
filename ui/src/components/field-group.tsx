// Several controls under one legend; description and error are tied to the group.
import { CircleX } from 'lucide-react'
import { type ReactNode, useId } from 'react'

import { cx } from '@/components/class-names'

export function FieldError({ id, error }: { id: string; error: string | undefined }) {
  if (!error) return null
  return (
    <p id={id} className="flex items-start gap-1.5 text-small text-failed">
      <CircleX aria-hidden size={14} className="mt-0.5 shrink-0" />
      {error}
    </p>
  )
}

interface Props {
  label: string
  description?: ReactNode
  error?: string | undefined
  optional?: boolean
  end?: ReactNode // at the right of the legend
  children: ReactNode
  className?: string
}

export function FieldGroup({ label, description, error, optional, end, children, className }: Props) {
  const id = useId()
  const notes = [description && `${id}-d`, error && `${id}-e`].filter(Boolean).join(' ')
  return (
    <div
      role="group"
      aria-labelledby={`${id}-l`}
      aria-describedby={notes || undefined}
      className={cx('flex min-w-0 flex-col gap-1', className)}
    >
      <div className="flex flex-wrap items-center gap-x-3">
        <span id={`${id}-l`} className="font-medium">
          {label}
          {optional && <span className="ml-2 font-normal text-faint">optional</span>}
        </span>
        {end && <span className="ml-auto">{end}</span>}
      </div>
      {children}
      {description && (
        <p id={`${id}-d`} className="text-small text-mute">
          {description}
        </p>
      )}
      <FieldError id={`${id}-e`} error={error} />
    </div>
  )
}

import type { ButtonHTMLAttributes, ReactNode } from 'react'

import { cx } from '@/components/class-names'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  name: string // what it does; there is no visible text
  children: ReactNode
  bordered?: boolean
}

export function IconButton({ name, children, bordered, className, ...rest }: Props) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      className={cx(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-fg hover:bg-raised',
        'max-md:size-11',
        'disabled:cursor-not-allowed disabled:opacity-60',
        bordered && 'border border-line2',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  )
}

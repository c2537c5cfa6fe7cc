// The app's button. A forbidden action stays visible: `reason` disables it and says why, also to screen
// readers. What runs, approves, stops or saves is disabled while the controller cannot be reached; `local` is
// for those that need no controller.
import { type ButtonHTMLAttributes, type ReactNode, useId } from 'react'

import { cx } from '@/components/class-names'
import { useReachable } from '@/lib/live'

export type ButtonKind = 'primary' | 'plain' | 'danger' | 'go' | 'quiet'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind
  icon?: ReactNode
  reason?: string | undefined
  local?: boolean
}

const kActing: ButtonKind[] = ['primary', 'danger', 'go']

const kKinds: Record<ButtonKind, string> = {
  primary: 'border-transparent bg-accent text-on-accent hover:brightness-110',
  plain: 'border-line2 text-fg hover:bg-raised',
  danger: 'border-failed text-failed hover:bg-raised',
  go: 'border-transparent bg-success text-surface hover:brightness-110',
  quiet: 'border-transparent text-mute hover:bg-raised hover:text-fg',
}

export function buttonClass(kind: ButtonKind): string {
  return cx(
    'inline-flex h-7 shrink-0 items-center justify-center gap-2 rounded-md border px-3 font-medium',
    'whitespace-nowrap max-md:h-11 max-md:px-4',
    'disabled:cursor-not-allowed disabled:opacity-60 disabled:hover:brightness-100',
    kKinds[kind],
  )
}

export function Button(props: Props) {
  const { kind = 'plain', icon, reason: given, local, className, children, disabled, ...rest } = props
  const id = useId()
  const cutOff = !useReachable() && !local && kActing.includes(kind)
  const reason = given ?? (cutOff ? 'The controller cannot be reached.' : undefined)
  return (
    <>
      <button
        type="button"
        className={cx(buttonClass(kind), className)}
        disabled={disabled || reason !== undefined}
        title={reason}
        aria-describedby={reason ? id : undefined}
        {...rest}
      >
        {icon}
        {children}
      </button>
      {reason && (
        <span id={id} className="sr-only">
          {reason}
        </span>
      )}
    </>
  )
}

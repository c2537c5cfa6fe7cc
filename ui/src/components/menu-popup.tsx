// The menu itself, loaded when one is first opened (menu.tsx).
import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'

import { cx } from '@/components/class-names'

export interface MenuProps {
  trigger: ReactElement<Record<string, unknown>>
  children: ReactNode
}

export function MenuPopup({ trigger, children }: MenuProps) {
  return (
    <Base.Root defaultOpen>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="z-50 outline-none" sideOffset={6} align="end">
          <Base.Popup
            className={cx(
              'min-w-44 rounded-lg border border-line',
              'bg-surface py-1 shadow-float outline-none',
            )}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export interface ItemProps {
  onSelect: () => void
  icon?: ReactNode
  checked?: boolean
  children: ReactNode
}

export function MenuItem({ onSelect, icon, checked, children }: ItemProps) {
  return (
    <Base.Item
      onClick={onSelect}
      className={cx(
        'flex h-8 cursor-default items-center gap-2 px-3 outline-none data-highlighted:bg-raised max-md:h-11',
        checked && 'font-semibold text-accent',
      )}
    >
      {icon}
      <span className="flex-1">{children}</span>
      {checked && <span className="sr-only">(chosen)</span>}
    </Base.Item>
  )
}

export function MenuText({ children }: { children: ReactNode }) {
  return <div className="border-b border-line px-3 pt-1 pb-2 text-mute">{children}</div>
}

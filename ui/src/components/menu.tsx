// A button with a menu. The menu itself is loaded when it is first opened: no page needs it to be shown.
import { type KeyboardEvent, Suspense, cloneElement, lazy, useState } from 'react'

import type { MenuProps } from '@/components/menu-popup'

const MenuPopup = lazy(() =>
  import('@/components/menu-popup').then((module) => ({ default: module.MenuPopup })),
)
export const MenuItem = lazy(() =>
  import('@/components/menu-popup').then((module) => ({ default: module.MenuItem })),
)
export const MenuText = lazy(() =>
  import('@/components/menu-popup').then((module) => ({ default: module.MenuText })),
)

export function Menu({ trigger, children }: MenuProps) {
  const [opened, setOpened] = useState(false)
  const open = () => setOpened(true)
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    open()
  }
  const closed = cloneElement(trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onClick: open,
    onKeyDown: pressed,
  })
  if (!opened) return closed
  return (
    <Suspense fallback={closed}>
      <MenuPopup trigger={trigger}>{children}</MenuPopup>
    </Suspense>
  )
}

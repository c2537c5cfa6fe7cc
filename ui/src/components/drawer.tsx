// A modal panel at the left edge: the side bar on narrow screens.
import { Dialog as Base } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'

interface Props {
  open: boolean
  onOpen: (open: boolean) => void
  name: string
  children: ReactNode
}

export function Drawer({ open, onOpen, name, children }: Props) {
  return (
    <Base.Root open={open} onOpenChange={onOpen}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-veil" />
        <Base.Popup className="fixed inset-y-0 left-0 z-50 flex outline-none">
          <Base.Title className="sr-only">{name}</Base.Title>
          {children}
          <Base.Close className="sr-only">Close</Base.Close>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

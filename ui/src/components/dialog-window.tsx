// The window of dialog.tsx, loaded when the first one opens. Focus stays inside and goes back.
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'

import { cx } from '@/components/class-names'
import { IconButton } from '@/components/icon-button'

export interface WindowProps {
  open: boolean
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  footer?: ReactNode
  initialFocus?: RefObject<HTMLElement | null>
}

const kBackdrop = 'fixed inset-0 z-40 bg-veil'
const kPopup = 'fixed z-50 flex flex-col border-line bg-surface shadow-float outline-none'

export function Window({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  initialFocus,
  className,
}: WindowProps & { className: string }) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={kBackdrop} />
        <Base.Popup initialFocus={initialFocus} className={cx(kPopup, className)}>
          <header className="flex items-start gap-3 border-b border-line px-4 py-3">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-title font-semibold">{title}</Base.Title>
              {description && <Base.Description className="mt-1 text-mute">{description}</Base.Description>}
            </div>
            <Base.Close
              render={
                <IconButton name="Close">
                  <X aria-hidden size={16} />
                </IconButton>
              }
            />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4">{children}</div>
          {footer && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
              {footer}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

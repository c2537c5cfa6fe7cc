// What is rarely needed, folded away. Opens by itself when something inside is set or wrong.
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'

import { cx } from '@/components/class-names'

interface Props {
  label?: string
  needed?: boolean // something inside is set or has a fault
  children: ReactNode
}

export function More({ label = 'More', needed = false, children }: Props) {
  const id = useId()
  const [open, setOpen] = useState(needed)
  const [wasNeeded, setWasNeeded] = useState(needed)
  if (wasNeeded !== needed) {
    setWasNeeded(needed)
    if (needed) setOpen(true)
  }
  return (
    <div className="flex flex-col gap-3">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="inline-flex min-h-7 items-center gap-1 self-start text-mute hover:text-fg max-md:min-h-11"
      >
        <ChevronRight aria-hidden size={15} className={cx(open && 'rotate-90')} />
        {label}
      </button>
      <div id={id} hidden={!open} className={cx(open && 'flex flex-col gap-4')}>
        {open && children}
      </div>
    </div>
  )
}

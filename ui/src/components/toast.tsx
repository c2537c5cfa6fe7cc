// A short message at the edge, one at a time, for six seconds; it waits while pointer or focus are on it.
// Never the only record: errors stay where they happened.
import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { create } from 'zustand'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { IconButton } from '@/components/icon-button'

const kShownMs = 6_000

interface Toast {
  id: number
  text: string
  action?: { name: string; run: () => void } // such as Undo
}

const useToast = create<{ toast: Toast | undefined }>(() => ({ toast: undefined }))
let made = 0

export function showToast(text: string, action?: Toast['action']): void {
  made += 1
  useToast.setState({ toast: { id: made, text, ...(action && { action }) } })
}

function close(): void {
  useToast.setState({ toast: undefined })
}

export function ToastRegion() {
  const toast = useToast((state) => state.toast)
  return (
    <div
      role="region"
      aria-label="Messages"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-50 flex justify-center px-4"
    >
      {toast && <Shown key={toast.id} toast={toast} />}
    </div>
  )
}

function Shown({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return
    const timer = setTimeout(close, kShownMs)
    return () => clearTimeout(timer)
  }, [held])
  const { action } = toast
  return (
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className={cx(
        'pointer-events-auto flex items-center gap-3 rounded-lg border border-line',
        'bg-surface py-2 pr-2 pl-4 shadow-float',
      )}
    >
      <span>{toast.text}</span>
      {action && (
        <Button
          onClick={() => {
            close()
            action.run()
          }}
        >
          {action.name}
        </Button>
      )}
      <IconButton name="Close the message" onClick={close}>
        <X aria-hidden size={16} />
      </IconButton>
    </div>
  )
}

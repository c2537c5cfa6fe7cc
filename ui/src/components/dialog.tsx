// Modal windows: a centred dialog for questions, a sheet at the side for forms. The window itself is loaded
// when one first opens: no page needs it to be shown.
import { Suspense, lazy, useState } from 'react'

import { cx } from '@/components/class-names'
import type { WindowProps } from '@/components/dialog-window'

const Window = lazy(() => import('@/components/dialog-window').then((module) => ({ default: module.Window })))

export function Dialog(props: WindowProps) {
  return (
    <Loaded
      {...props}
      className={cx(
        'top-1/2 left-1/2 max-h-[90dvh] w-[460px]',
        'max-w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 rounded-lg border',
      )}
    />
  )
}

// For what is compared side by side.
export function WideDialog(props: WindowProps) {
  return (
    <Loaded
      {...props}
      className={cx(
        'top-1/2 left-1/2 max-h-[92dvh] w-[1240px]',
        'max-w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 rounded-lg border',
      )}
    />
  )
}

export function Sheet(props: WindowProps) {
  return <Loaded {...props} className="inset-y-0 right-0 w-[560px] max-w-full border-l" />
}

// It stays once it was open, so that closing gives the focus back.
function Loaded(props: WindowProps & { className: string }) {
  const [needed, setNeeded] = useState(props.open)
  if (props.open && !needed) setNeeded(true)
  if (!needed) return null
  return (
    <Suspense>
      <Window {...props} />
    </Suspense>
  )
}

import { cx } from '@/components/class-names'

// The frame of an ordinary page: one h1, actions on the right, title of the tab.
import { type ReactNode, useEffect } from 'react'

import { setPageTitle } from '@/lib/notifications'

interface Props {
  title: string
  heading?: ReactNode
  below?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

export function usePageTitle(title: string): void {
  useEffect(() => {
    setPageTitle(title)
  }, [title])
}

export function Page({ title, heading, below, actions, children }: Props) {
  usePageTitle(title)
  return (
    <div className="flex min-h-full flex-col">
      <header
        className={cx(
          'flex flex-wrap items-center gap-x-3',
          'gap-y-2 border-b border-line bg-surface px-4 py-3',
        )}
      >
        <h1 className="text-title font-semibold">{title}</h1>
        {heading}
        <div className="ml-auto flex flex-wrap gap-2">{actions}</div>
        {below && <div className="w-full">{below}</div>}
      </header>
      <div className="flex-1 p-4">{children}</div>
    </div>
  )
}

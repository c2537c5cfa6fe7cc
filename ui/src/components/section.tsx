// A titled part of a page: heading, actions on the right, content on a surface.
import { type ReactNode, useId } from 'react'

import { cx } from '@/components/class-names'

interface Props {
  title: ReactNode
  detail?: ReactNode // beside the title
  actions?: ReactNode
  children: ReactNode
  flush?: boolean // content up to the edges, such as a list
}

export function Section({ title, detail, actions, children, flush }: Props) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-lg border border-line bg-surface">
      <header
        className={cx(
          'flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1',
          'border-b border-line px-3 py-1.5',
        )}
      >
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {detail && <span className="text-mute">{detail}</span>}
        {actions && <div className="ml-auto flex flex-wrap gap-2">{actions}</div>}
      </header>
      <div className={cx(!flush && 'p-3')}>{children}</div>
    </section>
  )
}

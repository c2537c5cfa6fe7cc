// Tabs with their panel. Arrow keys, Home and End move between tabs; only the chosen one is a tab stop.
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'

import { cx } from '@/components/class-names'

export interface Tab<T extends string> {
  id: T
  label: string
  count?: number | undefined
}

interface Props<T extends string> {
  label: string
  tabs: readonly Tab<T>[]
  value: T
  onChange: (value: T) => void
  end?: ReactNode // at the right of the tabs
  children: ReactNode // the panel of `value`
  panelClassName?: string
  className?: string
}

export function Tabs<T extends string>(props: Props<T>) {
  const { label, tabs, value, onChange, end, children, panelClassName, className } = props
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === value)
    const next = nextTab(event.key, at, tabs.length)
    const tab = next === undefined ? undefined : tabs[next]
    if (!tab || next === undefined) return
    event.preventDefault()
    onChange(tab.id)
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus()
  }
  return (
    <div className={cx('flex min-h-0 flex-col', className)}>
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-2 border-b border-line px-1.5">
        <div
          ref={list}
          role="tablist"
          aria-label={label}
          className="flex flex-wrap items-center gap-0.5 py-1"
        >
          {tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              id={`${id}-t-${tab.id}`}
              aria-selected={tab.id === value}
              aria-controls={`${id}-p`}
              tabIndex={tab.id === value ? 0 : -1}
              onClick={() => onChange(tab.id)}
              onKeyDown={move}
              className={cx(
                'inline-flex h-7 items-center gap-1.5 rounded-md px-1.5 whitespace-nowrap max-md:h-11',
                tab.id === value ? 'bg-raised font-semibold' : 'text-mute hover:text-fg',
              )}
            >
              {tab.label}
              {tab.count !== undefined && <span className="tabular">{tab.count}</span>}
            </button>
          ))}
        </div>
        {end && <div className="ml-auto">{end}</div>}
      </div>
      <div
        role="tabpanel"
        id={`${id}-p`}
        aria-labelledby={`${id}-t-${value}`}
        className={cx('min-h-0 flex-1', panelClassName)}
      >
        {children}
      </div>
    </div>
  )
}

function nextTab(key: string, at: number, length: number): number | undefined {
  if (key === 'ArrowRight') return (at + 1) % length
  if (key === 'ArrowLeft') return (at - 1 + length) % length
  if (key === 'Home') return 0
  return key === 'End' ? length - 1 : undefined
}

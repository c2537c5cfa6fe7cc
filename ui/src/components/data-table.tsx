// A table whose whole row is the target: j and k move, Enter opens. The first cell of a row holds its link.
import { type ReactNode, useRef } from 'react'

import { cx } from '@/components/class-names'
import { useHotkeys } from '@/lib/hotkeys'

export interface Column<T> {
  name: string
  className?: string
  hideName?: boolean
  cell: (item: T) => ReactNode
}

interface Props<T> {
  label: string
  columns: Column<T>[]
  items: T[]
  rowKey: (item: T) => string
  onOpen?: (item: T) => void
  onRun?: (item: T) => void // the key r
}

export function DataTable<T>({ label, columns, items, rowKey, onOpen, onRun }: Props<T>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const rows = () => [...(body.current?.rows ?? [])]
  const current = () => rows().findIndex((row) => row.contains(document.activeElement))
  const focus = (index: number) => {
    const all = rows()
    const row = all[Math.max(0, Math.min(all.length - 1, index))]
    const target = row?.querySelector<HTMLElement>('a, button')
    ;(target ?? row)?.focus()
  }
  const withCurrent = (action?: (item: T) => void) => {
    const item = items[current()]
    if (item && action) action(item)
  }
  useHotkeys({ j: () => focus(current() + 1), k: () => focus(current() - 1), r: () => withCurrent(onRun) })

  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table aria-label={label} className="w-full text-left">
        <thead>
          <tr className="border-b border-line text-small text-mute">
            {columns.map((column) => (
              <th key={column.name} scope="col" className={cx('h-8 px-3 font-medium', column.className)}>
                <span className={cx(column.hideName && 'sr-only')}>{column.name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {items.map((item) => (
            // The link in the first cell does the same for the keyboard.

            <tr
              key={rowKey(item)}
              tabIndex={-1}
              onClick={(event) => {
                const inner = (event.target as HTMLElement).closest('a, button')
                if (!inner && window.getSelection()?.isCollapsed !== false) onOpen?.(item)
              }}
              className={cx(
                'border-b border-line last:border-0 hover:bg-raised focus-within:bg-raised',
                onOpen && 'cursor-pointer',
              )}
            >
              {columns.map((column) => (
                <td key={column.name} className={cx('h-9 px-3 py-1.5', column.className)}>
                  {column.cell(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

// A table whose whole row is the target: j and k move, Enter opens, x selects. The first cell of a row holds
// its link. `virtual` tables draw only the rows in view once there are many: their rows have one height, and
// their columns the widths their class names give.
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

import { cx } from '@/components/class-names'
import { useRowWindow } from '@/components/row-window'
import { type Choice, ChooseAll, ChooseOne } from '@/components/row-choice'
import { type Hotkeys, useHotkeys } from '@/lib/hotkeys'

const kManyRows = 100
const kNearEnd = 40

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
  keys?: Record<string, (item: T) => void> // more keys for the row that has focus
  choice?: Choice<T>
  virtual?: boolean
  total?: number // rows there are, when more can be loaded
  onNearEnd?: () => void
}

export function DataTable<T>(props: Props<T>) {
  const { label, columns, items, rowKey, choice, virtual = false, total, onNearEnd } = props
  const body = useRef<HTMLTableSectionElement>(null)
  const windowed = virtual && items.length > kManyRows
  const { attach, reveal, first, end, abovePx, belowPx } = useRowWindow(items.length, windowed)
  useRowKeys(props, body, reveal)

  const nearEnd = useRef(onNearEnd)
  useEffect(() => {
    nearEnd.current = onNearEnd
  })
  const isNear = windowed && end > items.length - kNearEnd
  useEffect(() => {
    if (isNear) nearEnd.current?.()
  }, [isNear, items.length])

  return (
    <div
      ref={attach}
      className={cx(
        'relative overflow-x-auto rounded-lg border border-line bg-surface',
        windowed && 'max-h-[calc(100dvh-270px)] min-h-80 overflow-y-auto overscroll-contain',
      )}
    >
      <table
        data-rows
        aria-label={label}
        aria-rowcount={windowed ? (total ?? items.length) + 1 : undefined}
        className={cx('w-full text-left', virtual && 'md:table-fixed')}
      >
        <thead className={cx(windowed && 'sticky top-0 z-10 bg-surface')}>
          <tr className="border-b border-line text-small text-mute">
            {choice && (
              <th scope="col" className="w-9 pl-3">
                <ChooseAll choice={choice} keys={items.map(rowKey)} />
              </th>
            )}
            {columns.map((column) => (
              <th key={column.name} scope="col" className={cx('h-8 px-3 font-medium', column.className)}>
                <span className={cx(column.hideName && 'sr-only')}>{column.name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Spacer px={abovePx} />
          {items.slice(first, end).map((item, at) => (
            <Row
              key={rowKey(item)}
              {...props}
              item={item}
              index={first + at}
              cut={virtual}
              numbered={windowed}
            />
          ))}
          <Spacer px={belowPx} />
        </tbody>
      </table>
    </div>
  )
}

function Spacer({ px }: { px: number }) {
  if (px === 0) return null
  return (
    <tr aria-hidden>
      <td className="p-0" style={{ height: px }} />
    </tr>
  )
}

type RowProps<T> = Props<T> & { item: T; index: number; cut: boolean; numbered: boolean }

function Row<T>({ columns, rowKey, onOpen, choice, item, index, cut, numbered }: RowProps<T>) {
  return (
    // The link in the first cell does the same for the keyboard.
    <tr
      tabIndex={-1}
      data-index={index}
      aria-rowindex={numbered ? index + 2 : undefined}
      aria-selected={choice ? choice.chosen.has(rowKey(item)) : undefined}
      onClick={(event) => {
        const inner = (event.target as HTMLElement).closest('a, button, input, label')
        if (!inner && window.getSelection()?.isCollapsed !== false) onOpen?.(item)
      }}
      className={cx(
        'border-b border-line last:border-0 hover:bg-raised focus-within:bg-raised',
        onOpen && 'cursor-pointer',
      )}
    >
      {choice && (
        <td className="pl-3">
          <ChooseOne choice={choice} item={item} rowKey={rowKey(item)} />
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.name}
          className={cx('h-(--row) px-3', cut ? 'py-0' : 'py-(--row-gap)', column.className)}
        >
          {cut ? <div className="max-h-(--row) truncate py-0.5">{column.cell(item)}</div> : column.cell(item)}
        </td>
      ))}
    </tr>
  )
}

function useRowKeys<T>(
  { items, rowKey, onOpen, onRun, keys = {}, choice }: Props<T>,
  body: RefObject<HTMLTableSectionElement | null>,
  reveal: (index: number) => void,
): void {
  const last = useRef(-1) // where j and k go on from after the row lost focus
  const wanted = useRef<number>(undefined)
  const rowOf = (element: Element | null) =>
    element && body.current?.contains(element) ? element.closest<HTMLElement>('tr[data-index]') : null
  const current = () => {
    const row = rowOf(document.activeElement)
    return row ? Number(row.dataset['index']) : -1
  }
  const focusRow = (index: number): boolean => {
    const row = body.current?.querySelector<HTMLElement>(`tr[data-index="${index}"]`)
    if (!row) return false
    ;(row.querySelector<HTMLElement>('a, button') ?? row).focus()
    last.current = index
    return true
  }
  // With several tables on a page the keys are for the one that has focus, else for the first.
  const isMine = () => {
    const focused = document.activeElement?.closest('table[data-rows]')
    return (focused ?? document.querySelector('table[data-rows]')) === body.current?.closest('table')
  }
  const move = (by: number): boolean => {
    if (!isMine()) return false
    const from = current() >= 0 ? current() : last.current
    const index = Math.max(0, Math.min(items.length - 1, from + by))
    if (!focusRow(index)) {
      wanted.current = index
      reveal(index)
    }
    return true
  }
  useLayoutEffect(() => {
    if (wanted.current !== undefined && focusRow(wanted.current)) wanted.current = undefined
  })
  const onCurrent = (action: ((item: T) => void) | undefined) => (): boolean => {
    const item = items[current()]
    if (item === undefined || !action) return false
    action(item)
    return true
  }
  const more = Object.entries(keys).map(([key, action]) => [key, onCurrent(action)])
  useHotkeys({
    ...(Object.fromEntries(more) as Hotkeys),
    j: () => move(1),
    k: () => move(-1),
    x: onCurrent(choice && ((item) => choice.toggle(rowKey(item)))),
    ...(onRun && { r: onCurrent(onRun) }),
  })
  // A row without a link has the focus itself.
  useEffect(() => {
    const element = body.current
    const open = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || rowOf(event.target as Element) !== event.target) return
      event.preventDefault()
      onCurrent(onOpen)()
    }
    element?.addEventListener('keydown', open)
    return () => element?.removeEventListener('keydown', open)
  })
}

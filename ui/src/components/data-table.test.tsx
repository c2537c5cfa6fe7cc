import { act, fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'

import { DataTable } from '@/components/data-table'
import { useChoice } from '@/components/row-choice'
import { rowRange } from '@/components/row-window'

const names = (count: number) => Array.from({ length: count }, (_, i) => `host-${i}`)
const columns = [{ name: 'Name', cell: (name: string) => <a href={`#${name}`}>{name}</a> }]
const kRowPx = 40
const kViewPx = 400

function giveSizes() {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(kViewPx)
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(kRowPx)
}

describe('rowRange', () => {
  it('holds the view and some rows around it', () => {
    expect(rowRange(50_000, 40, 0, 400)).toEqual({ first: 0, end: 22 })
    expect(rowRange(50_000, 40, 40_000, 400)).toEqual({ first: 988, end: 1022 })
    expect(rowRange(50_000, 40, 50_000 * 40 - 400, 400)).toEqual({ first: 49_978, end: 50_000 })
  })

  it('holds a row when the list became shorter than where it was scrolled to', () => {
    expect(rowRange(3, 40, 40_000, 400)).toEqual({ first: 2, end: 3 })
    expect(rowRange(0, 40, 0, 400)).toEqual({ first: 0, end: 0 })
  })
})

describe('DataTable', () => {
  it('draws all rows of a short list', () => {
    render(<DataTable label="Hosts" columns={columns} items={names(100)} rowKey={(name) => name} virtual />)
    expect(screen.getAllByRole('row')).toHaveLength(101)
    expect(screen.getByRole('table')).not.toHaveAttribute('aria-rowcount')
  })

  it('draws only what is in view of a long one, and tells its true length', () => {
    giveSizes()
    const { container } = render(
      <DataTable label="Hosts" columns={columns} items={names(50_000)} rowKey={(name) => name} virtual />,
    )
    expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '50001')
    expect(screen.getAllByRole('link').length).toBeLessThan(60)
    const view = container.firstElementChild as HTMLElement
    view.scrollTop = 1000 * kRowPx
    act(() => void fireEvent.scroll(view))
    expect(screen.getByText('host-1000')).toBeInTheDocument()
    expect(screen.queryByText('host-0')).not.toBeInTheDocument()
    expect(screen.getAllByRole('link').length).toBeLessThan(60)
    expect(screen.getByText('host-1000').closest('tr')).toHaveAttribute('aria-rowindex', '1002')
  })

  it('asks for more when the end comes near', () => {
    giveSizes()
    const more = vi.fn()
    const { container } = render(
      <DataTable
        label="Hosts"
        columns={columns}
        items={names(500)}
        rowKey={(name) => name}
        virtual
        onNearEnd={more}
      />,
    )
    expect(more).not.toHaveBeenCalled()
    const view = container.firstElementChild as HTMLElement
    view.scrollTop = 480 * kRowPx
    act(() => void fireEvent.scroll(view))
    expect(more).toHaveBeenCalledOnce()
  })

  it('moves with j and k through rows that are not drawn yet', async () => {
    giveSizes()
    render(<DataTable label="Hosts" columns={columns} items={names(300)} rowKey={(name) => name} virtual />)
    for (let press = 0; press < 40; press += 1) await userEvent.keyboard('j')
    expect(screen.getByText('host-39')).toHaveFocus()
    await userEvent.keyboard('k')
    expect(screen.getByText('host-38')).toHaveFocus()
  })

  it('moves in the table that has focus when a page has two', async () => {
    render(
      <>
        <DataTable label="One" columns={columns} items={['a', 'b']} rowKey={(name) => name} />
        <DataTable label="Two" columns={columns} items={['c', 'd']} rowKey={(name) => name} />
      </>,
    )
    await userEvent.keyboard('j')
    expect(screen.getByText('a')).toHaveFocus()
    screen.getByText('c').focus()
    await userEvent.keyboard('j')
    expect(screen.getByText('d')).toHaveFocus()
  })

  it('opens a row without a link by Enter and by a click', async () => {
    const open = vi.fn()
    const plain = [{ name: 'Name', cell: (name: string) => name }]
    render(<DataTable label="x" columns={plain} items={names(2)} rowKey={(name) => name} onOpen={open} />)
    await userEvent.keyboard('j{Enter}')
    expect(open).toHaveBeenLastCalledWith('host-0')
    await userEvent.click(screen.getByText('host-1'))
    expect(open).toHaveBeenLastCalledWith('host-1')
  })

  it('chooses rows by x, by their box, and all at once', async () => {
    function Chosen() {
      const choice = useChoice<string>((name) => name)
      return (
        <>
          <DataTable label="x" columns={columns} items={names(3)} rowKey={(name) => name} choice={choice} />
          <output>{[...choice.chosen].join(' ')}</output>
        </>
      )
    }
    render(<Chosen />)
    const output = screen.getByRole('status')
    await userEvent.keyboard('jx')
    expect(output).toHaveTextContent(/^host-0$/)
    await userEvent.click(screen.getByRole('checkbox', { name: 'Choose host-2' }))
    expect(output).toHaveTextContent(/^host-0 host-2$/)
    await userEvent.click(screen.getByRole('checkbox', { name: 'Choose all' }))
    expect(output).toHaveTextContent(/^host-0 host-1 host-2$/)
    expect(within(screen.getByRole('table')).getAllByRole('checkbox', { checked: true })).toHaveLength(4)
    await userEvent.keyboard('x')
    expect(output).not.toHaveTextContent('host-9')
  })
})

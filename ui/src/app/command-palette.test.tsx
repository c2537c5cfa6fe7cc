import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import { CommandPalette } from '@/app/command-palette'
import { useCommands } from '@/lib/commands'
import { renderPage } from '@/testing/render'
import { aRunbook, anAgent, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const closed = vi.fn()
const stop = vi.fn()

function OnAPage() {
  useCommands([
    { name: 'Stop the execution', keys: 'Shift S', run: stop },
    { name: 'Approve', reason: 'You need the approver role for this.', run: stop },
  ])
  return <CommandPalette onClose={closed} />
}

function found({ runbooks = [], hosts = [] }: { runbooks?: unknown[]; hosts?: unknown[] }) {
  const page = (items: unknown[]) => HttpResponse.json({ items, next_cursor: null })
  server.use(
    http.get('*/runbooks', () => page(runbooks)),
    http.get('*/executions', () => page([])),
    http.get('*/agents', () => page(hosts)),
  )
}

describe('CommandPalette', () => {
  it('goes to the thing that was found by its name', async () => {
    found({ runbooks: [aRunbook()], hosts: [anAgent('disk-1')] })
    renderPage(<OnAPage />, { others: { '/runbooks/runbook-1': <p>the runbook</p> } })
    await userEvent.type(await screen.findByRole('combobox'), 'disk')
    expect(await screen.findByRole('option', { name: /Disk space triage/ })).toHaveAttribute(
      'aria-selected',
      'true',
    )
    expect(screen.getByRole('option', { name: /disk-1/ })).toBeInTheDocument()
    await userEvent.keyboard('{Enter}')
    expect(await screen.findByText('the runbook')).toBeInTheDocument()
    expect(closed).toHaveBeenCalled()
  })

  it('does what the page offers, and only shows what it forbids', async () => {
    found({})
    renderPage(<OnAPage />)
    await userEvent.click(await screen.findByRole('option', { name: /Approve/ }))
    expect(stop).not.toHaveBeenCalled()
    await userEvent.click(screen.getByRole('option', { name: /Stop the execution/ }))
    await vi.waitFor(() => expect(stop).toHaveBeenCalledOnce())
  })

  it('moves round the list with the arrows', async () => {
    renderPage(<OnAPage />)
    await screen.findByRole('option', { name: /Credentials/ }) // who is asking is known: the list is whole
    await userEvent.click(screen.getByRole('combobox'))
    await userEvent.keyboard('{ArrowUp}')
    const options = screen.getAllByRole('option')
    expect(options.at(-1)).toHaveAttribute('aria-selected', 'true')
    await userEvent.keyboard('{ArrowDown}')
    expect(options[0]).toHaveAttribute('aria-selected', 'true')
    expect(screen.getByRole('combobox')).toHaveAttribute('aria-activedescendant', options[0]?.id)
  })

  it('hides places without the right to read them', async () => {
    renderPage(<OnAPage />)
    expect(await screen.findByRole('option', { name: /Credentials/ })).toBeInTheDocument()
    expect(screen.queryByRole('option', { name: /Audit/ })).not.toBeInTheDocument()
  })

  it('shows an admin everything', async () => {
    server.use(http.get('*/me', () => HttpResponse.json({ ...me, roles: ['admin'] })))
    renderPage(<OnAPage />)
    expect(await screen.findByRole('option', { name: /Audit/ })).toBeInTheDocument()
  })

  it('says that a search failed', async () => {
    server.use(http.get('*/:list', () => problem(503, 'unavailable', 'The database does not answer.')))
    renderPage(<OnAPage />)
    await userEvent.type(await screen.findByRole('combobox'), 'zz')
    expect(await screen.findByText(/The search failed: The database does not answer/)).toBeInTheDocument()
  })
})

import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { HostsPage } from '@/features/hosts/hosts-page'
import { renderPage } from '@/testing/render'
import { anAgent, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

let asked: URLSearchParams[] = []

function answer(items: unknown[]) {
  asked = []
  server.use(
    http.get('*/agents', ({ request }) => {
      asked.push(new URL(request.url).searchParams)
      return HttpResponse.json({ items, next_cursor: null })
    }),
    http.get('*/agents/counts', () =>
      HttpResponse.json({ online: 47_000, offline: 12, draining: 1, revoked: 2, outdated: 30 }),
    ),
    http.get('*/labels', () =>
      HttpResponse.json({
        items: [{ key: 'role', count: 48, values: [{ value: 'payment', count: 48 }] }],
        next_cursor: null,
      }),
    ),
  )
}

const open = (at = '/') =>
  renderPage(<HostsPage />, { at, others: { '/hosts/agent-pay-1': <p>host page</p> } })

describe('HostsPage', () => {
  it('lists state, labels, version and what runs now', async () => {
    answer([anAgent('pay-1', { running: 3, version: '0.0.9' })])
    open()
    const row = (await screen.findByRole('link', { name: 'pay-1' })).closest('tr') as HTMLElement
    expect(within(row).getByText('Online')).toBeInTheDocument()
    expect(within(row).getByText('0.0.9')).toBeInTheDocument()
    expect(within(row).getByText('Outdated')).toBeInTheDocument()
    expect(within(row).getByText('3')).toBeInTheDocument()
  })

  it('shows exact counts of the whole fleet, each a filter', async () => {
    answer([anAgent('pay-1')])
    open()
    expect(await screen.findByRole('button', { name: 'All 47,015' })).toHaveAttribute('aria-pressed', 'true')
    await userEvent.click(screen.getByRole('button', { name: 'Offline 12' }))
    expect(asked.at(-1)?.get('status')).toBe('offline')
    await userEvent.click(screen.getByRole('button', { name: 'Outdated 30' }))
    expect(asked.at(-1)?.get('outdated')).toBe('true')
    expect(asked.at(-1)?.has('status')).toBe(false)
  })

  it('reads filters from the address and asks the server', async () => {
    answer([anAgent('pay-1')])
    open('/?labels=role%3Dpayment,env%20in%20(prod,dev)&name=pay&state=online')
    await screen.findByRole('link', { name: 'pay-1' })
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
      selector: 'role=payment,env in (prod,dev)',
      name: 'pay',
      status: 'online',
    })
    expect(screen.getByRole('button', { name: 'Edit env in (prod,dev)' })).toBeInTheDocument()
  })

  it('adds a label to the filter by a click on its chip', async () => {
    answer([anAgent('pay-1', { labels: { role: 'payment' } })])
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'role=payment' }))
    expect(asked.at(-1)?.get('selector')).toBe('role=payment')
  })

  it('adds typed requirements, and says what is wrong with others', async () => {
    answer([anAgent('pay-1')])
    open()
    const field = await screen.findByRole('combobox', { name: 'Filter by labels' })
    await userEvent.type(field, 'region!=ap-1{Enter}')
    expect(asked.at(-1)?.get('selector')).toBe('region!=ap-1')
    await userEvent.type(field, 'a b')
    expect(field).toHaveAccessibleDescription(/^At character 3/)
  })

  it("shows the server's fault with a filter in place", async () => {
    answer([])
    const fault = { pointer: '/selector', code: 'bad_value' as const, message: 'expected a value' }
    server.use(http.get('*/agents', () => problem(422, 'invalid', 'The request has a fault.', [fault])))
    open('/?labels=x')
    expect(await screen.findByText('expected a value')).toBeInTheDocument()
  })

  it('tells no hosts yet from none that match', async () => {
    answer([])
    open('/?name=zzz')
    expect(await screen.findByText('No host matches the filters.')).toBeInTheDocument()
    await userEvent.click(screen.getByRole('button', { name: 'Clear the filters' }))
    expect(await screen.findByText(/No host is enrolled yet/)).toBeInTheDocument()
  })

  it('keeps enrolling visible for others, with the reason', async () => {
    answer([anAgent('pay-1')])
    open()
    const enrol = await screen.findByRole('button', { name: 'Enrol a host' })
    expect(enrol).toBeDisabled()
    expect(enrol).toHaveAccessibleDescription('You need the admin role for this.')
  })

  it('lets an administrator enrol', async () => {
    answer([anAgent('pay-1')])
    server.use(http.get('*/me', () => HttpResponse.json({ ...me, roles: ['admin'] })))
    open()
    expect(await screen.findByRole('link', { name: 'pay-1' })).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Enrol a host' })).toBeEnabled()
  })

  it('shows what failed, and tries again', async () => {
    answer([anAgent('pay-1')])
    server.use(http.get('*/agents', () => problem(503, 'unavailable', 'The database does not answer.')))
    open()
    expect(await screen.findByText('The database does not answer.')).toBeInTheDocument()
    answer([anAgent('pay-1')])
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
    expect(await screen.findByRole('link', { name: 'pay-1' })).toBeInTheDocument()
  })
})

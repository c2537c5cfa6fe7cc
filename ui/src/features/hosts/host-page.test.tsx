import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { HostPage } from '@/features/hosts/host-page'
import type { Agent } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { anAgent, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const none = { items: [], next_cursor: null }
let agent: Agent
let sent: unknown[]

beforeEach(() => {
  agent = anAgent('pay-1', { labels: { role: 'payment' } })
  sent = []
  server.use(
    http.get('*/me', () => HttpResponse.json({ ...me, roles: ['admin'] })),
    http.get('*/agents/agent-pay-1', () => HttpResponse.json(agent)),
    http.get('*/executions', () => HttpResponse.json(none)),
    http.patch('*/agents/agent-pay-1', async ({ request }) => {
      const change = (await request.json()) as Partial<Agent> & { draining?: boolean }
      sent.push(change)
      agent = { ...agent, ...change, status: change.draining ? 'draining' : 'online' }
      return HttpResponse.json(agent)
    }),
  )
})

const open = () => renderPage(<HostPage />, { path: '/hosts/:id', at: '/hosts/agent-pay-1' })

describe('HostPage', () => {
  it('shows facts, labels and that nothing runs', async () => {
    open()
    expect(await screen.findByRole('heading', { level: 1, name: 'pay-1' })).toBeInTheDocument()
    expect(screen.getByText('Debian 13')).toBeInTheDocument()
    expect(screen.getByText('role=payment')).toBeInTheDocument()
    expect(await screen.findByText('Nothing runs or waits on this host.')).toBeInTheDocument()
    expect(screen.getByText('Nothing has run on this host yet.')).toBeInTheDocument()
  })

  it('asks for the executions of this host: those that run, and the last 50', async () => {
    const asked: URLSearchParams[] = []
    server.use(
      http.get('*/executions', ({ request }) => {
        asked.push(new URL(request.url).searchParams)
        return HttpResponse.json(none)
      }),
    )
    open()
    await screen.findByText('Nothing has run on this host yet.')
    expect(asked.map((query) => query.get('agent_id'))).toEqual(['agent-pay-1', 'agent-pay-1'])
    expect(asked.map((query) => query.get('limit'))).toEqual(['50', '50'])
    expect(asked.some((query) => query.get('status')?.includes('awaiting_approval'))).toBe(true)
  })

  it('saves labels, and shows what the server refuses at the label', async () => {
    server.use(
      http.patch(
        '*/agents/agent-pay-1',
        () =>
          problem(422, 'invalid', 'The request has a fault.', [
            { pointer: '/labels/env', code: 'bad_value', message: 'Not this one.' },
          ]),
        { once: true },
      ),
    )
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Edit labels' }))
    const dialog = await screen.findByRole('dialog', { name: 'Labels of pay-1' })
    await userEvent.click(within(dialog).getByRole('button', { name: 'Add a label' }))
    await userEvent.type(within(dialog).getByLabelText('Label 2'), 'env')
    await userEvent.type(within(dialog).getByLabelText('Value of env'), 'prod')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save labels' }))
    await within(dialog).findAllByText(/Not this one/)
    expect(within(dialog).getByLabelText('Value of env')).toHaveAccessibleDescription('Not this one.')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save labels' }))
    expect(await screen.findByText('env=prod')).toBeInTheDocument()
    expect(sent).toEqual([{ labels: { role: 'payment', env: 'prod' } }])
  })

  it('does not send labels that break the rules', async () => {
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Edit labels' }))
    const value = await screen.findByLabelText('Value of role')
    await userEvent.clear(value)
    await userEvent.type(value, 'not valid')
    expect(value).toHaveAccessibleDescription(/A value has letters/)
    expect(screen.getByRole('button', { name: 'Save labels' })).toBeDisabled()
  })

  it('drains, and takes new work again', async () => {
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Drain' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Take new work again' }))
    expect(await screen.findByRole('button', { name: 'Drain' })).toBeInTheDocument()
    expect(sent).toEqual([{ draining: true }, { draining: false }])
  })

  it('revokes only when the name was typed, and after the server agreed', async () => {
    agent = { ...agent, running: 2 }
    let revoked = 0
    server.use(
      http.delete('*/agents/agent-pay-1', () => {
        revoked += 1
        if (revoked === 1) return problem(503, 'unavailable', 'The database does not answer.')
        agent = { ...agent, status: 'revoked' }
        return new HttpResponse(null, { status: 204 })
      }),
    )
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Revoke' }))
    const dialog = await screen.findByRole('dialog', { name: 'Revoke pay-1?' })
    expect(within(dialog).getByText(/2 commands running there now/)).toBeInTheDocument()
    const act = within(dialog).getByRole('button', { name: 'Revoke pay-1' })
    await userEvent.type(within(dialog).getByLabelText('Type pay-1 to confirm'), 'pay')
    expect(act).toBeDisabled()
    await userEvent.type(within(dialog).getByLabelText('Type pay-1 to confirm'), '-1')
    await userEvent.click(act)
    expect(await within(dialog).findByText('The database does not answer.')).toBeInTheDocument()
    await userEvent.click(act)
    expect(await screen.findByText('Revoked')).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Drain' })).toBeDisabled()
  })

  it('says why others cannot change it', async () => {
    server.use(http.get('*/me', () => HttpResponse.json(me)))
    open()
    const drain = await screen.findByRole('button', { name: 'Drain' })
    expect(drain).toBeDisabled()
    expect(drain).toHaveAccessibleDescription('You need the admin role for this.')
  })

  it('says that there is no such host', async () => {
    server.use(http.get('*/agents/agent-pay-1', () => problem(404, 'not_found', 'There is no such agent.')))
    open()
    expect(await screen.findByText('There is no host at this address.')).toBeInTheDocument()
    expect(screen.queryByRole('button', { name: 'Retry' })).not.toBeInTheDocument()
  })
})

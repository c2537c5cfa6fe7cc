import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { EnrolPage } from '@/features/hosts/enrol-page'
import type { EnrollmentToken } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { anAgent, kNow, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const kCommand =
  'runbook-agent enroll --controller https://ops.example:8443 --token rbt_secret --ca-sha256 ab'
let tokens: EnrollmentToken[]
let sent: { labels: object; expires_at: string }[]

const aToken = (more: Partial<EnrollmentToken>): EnrollmentToken => ({
  id: 'token-1',
  labels: { role: 'payment' },
  status: 'open',
  created_by: 'person-1',
  created_by_name: 'mina',
  created_at: kNow,
  expires_at: new Date(Date.now() + 15 * 60_000).toISOString(),
  used_at: null,
  agent_id: null,
  revoked_at: null,
  ...more,
})

beforeEach(() => {
  tokens = []
  sent = []
  server.use(
    http.get('*/me', () => HttpResponse.json({ ...me, roles: ['admin'] })),
    http.get('*/enrollment-tokens', () => HttpResponse.json({ items: tokens, next_cursor: null })),
    http.post('*/enrollment-tokens', async ({ request }) => {
      sent.push((await request.json()) as (typeof sent)[0])
      const token = aToken({})
      tokens = [token, ...tokens]
      const secret = { token: 'rbt_secret', command: kCommand, run_command: 'runbook-agent run' }
      return HttpResponse.json({ ...token, ...secret }, { status: 201 })
    }),
    http.get('*/agents/agent-pay-1', () =>
      HttpResponse.json(anAgent('pay-1', { status: 'offline', last_seen: null })),
    ),
  )
})

describe('EnrolPage', () => {
  it('makes a command with labels, counts it down and offers both commands', async () => {
    renderPage(<EnrolPage />)
    await userEvent.click(await screen.findByRole('button', { name: 'Add a label' }))
    await userEvent.type(screen.getByLabelText('Label 1'), 'role')
    await userEvent.type(screen.getByLabelText('Value of role'), 'payment')
    await userEvent.click(screen.getByRole('button', { name: 'Make the command' }))
    expect(await screen.findByLabelText('1. Enrol the host')).toHaveTextContent(kCommand)
    expect(screen.getByLabelText('2. Run the agent')).toHaveTextContent('runbook-agent run')
    expect(screen.getByRole('timer')).toHaveTextContent(/holds for 1[45]:\d\d/)
    expect(sent[0]?.labels).toEqual({ role: 'payment' })
    const minutes = (Date.parse(sent[0]?.expires_at ?? '') - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(14)
    expect(minutes).toBeLessThanOrEqual(15)
  })

  it('shows hosts that came, and that one does not run yet', async () => {
    tokens = [aToken({ status: 'used', used_at: kNow, agent_id: 'agent-pay-1' })]
    renderPage(<EnrolPage />)
    expect(await screen.findByRole('link', { name: 'pay-1' })).toHaveAttribute('href', '/hosts/agent-pay-1')
    expect(screen.getByText('Enrolled, the agent does not run yet')).toBeInTheDocument()
    expect(screen.getByText('No command waits for a host.')).toBeInTheDocument()
  })

  it('revokes an open command, after the server agreed', async () => {
    tokens = [aToken({})]
    let tries = 0
    server.use(
      http.delete('*/enrollment-tokens/token-1', () => {
        tries += 1
        if (tries === 1) return problem(503, 'unavailable', 'The database does not answer.')
        tokens = []
        return new HttpResponse(null, { status: 204 })
      }),
    )
    renderPage(<EnrolPage />)
    const list = await screen.findByRole('list', { name: 'Open commands' })
    await userEvent.click(within(list).getByRole('button', { name: /^Revoke/ }))
    expect(await screen.findByText('The database does not answer.')).toBeInTheDocument()
    await userEvent.click(within(list).getByRole('button', { name: /^Revoke/ }))
    expect(await screen.findByText('No command waits for a host.')).toBeInTheDocument()
  })

  it('names this controller among the likely causes of trouble', async () => {
    renderPage(<EnrolPage />)
    await userEvent.click(await screen.findByRole('button', { name: 'Make the command' }))
    await screen.findByLabelText('1. Enrol the host')
    await userEvent.click(screen.getByText('The port cannot be reached'))
    expect(screen.getByText(/ops\.example, TCP port 8443/)).toBeInTheDocument()
  })

  it('names who can help where the role is missing', async () => {
    server.use(
      http.get('*/me', () => HttpResponse.json(me)),
      http.get('*/roles', () =>
        HttpResponse.json({
          items: [{ role: 'admin', description: '', rights: ['admin'], people: ['dana', 'tom'] }],
        }),
      ),
    )
    renderPage(<EnrolPage />)
    expect(
      await screen.findByText(/You need the admin role to enrol hosts. Ask: dana, tom/),
    ).toBeInTheDocument()
  })
})

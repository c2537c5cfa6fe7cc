import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { CredentialsPage } from '@/features/credentials/credentials-page'
import type { Credential } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { kNow, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const aCredential = (more: Partial<Credential> = {}): Credential => ({
  id: 'credential-1',
  name: 'pay_token',
  type: 'api',
  created_by: 'person-1',
  created_by_name: 'mina',
  created_at: kNow,
  rotated_at: null,
  last_used_at: null,
  used_by: [{ runbook_id: 'runbook-1', title: 'Restart payment API' }],
  ...more,
})

let items: Credential[]

beforeEach(() => {
  items = [aCredential()]
  server.use(
    http.get('*/me', () => HttpResponse.json({ ...me, roles: ['admin'] })),
    http.get('*/credentials', () => HttpResponse.json({ items, next_cursor: null })),
  )
})

describe('CredentialsPage', () => {
  it('lists names, what uses them and whose they are', async () => {
    renderPage(<CredentialsPage />)
    const row = (await screen.findByText('pay_token')).closest('tr') as HTMLElement
    expect(within(row).getByText('API token')).toBeInTheDocument()
    expect(within(row).getByRole('link', { name: 'Restart payment API' })).toBeInTheDocument()
    expect(within(row).getByText('mina')).toBeInTheDocument()
  })

  it('stores a key file, and never shows it again', async () => {
    let sent: unknown
    server.use(
      http.post('*/credentials', async ({ request }) => {
        sent = await request.json()
        items = [...items, aCredential({ id: 'credential-2', name: 'deploy', type: 'ssh', used_by: [] })]
        return HttpResponse.json(items[1], { status: 201 })
      }),
    )
    renderPage(<CredentialsPage />)
    await userEvent.click(await screen.findByRole('button', { name: 'New credential' }))
    await userEvent.type(await screen.findByLabelText('Name'), 'Deploy')
    expect(screen.getByLabelText('Name')).toHaveAccessibleDescription(/Begin with a letter/)
    await userEvent.clear(screen.getByLabelText('Name'))
    await userEvent.type(screen.getByLabelText('Name'), 'deploy')
    await userEvent.selectOptions(screen.getByLabelText('Type'), 'SSH private key')
    await userEvent.type(screen.getByLabelText('Private key file'), '-----BEGIN KEY-----{Enter}abc')
    await userEvent.click(screen.getByRole('button', { name: 'Store the secret' }))
    expect(await screen.findByText('deploy')).toBeInTheDocument()
    expect(sent).toEqual({ name: 'deploy', type: 'ssh', secret: '-----BEGIN KEY-----\nabc' })
    expect(document.body.textContent).not.toContain('BEGIN KEY')
  })

  it('replaces a secret, and shows a refusal in place', async () => {
    const sent: unknown[] = []
    server.use(
      http.put('*/credentials/credential-1', async ({ request }) => {
        sent.push(await request.json())
        if (sent.length === 1) return problem(503, 'unavailable', 'The database does not answer.')
        return HttpResponse.json(aCredential({ rotated_at: kNow }))
      }),
    )
    renderPage(<CredentialsPage />)
    await userEvent.click(await screen.findByRole('button', { name: 'Replace the secret of pay_token' }))
    const dialog = await screen.findByRole('dialog')
    const field = within(dialog).getByLabelText('Token or password')
    expect(field).toHaveAttribute('type', 'password')
    await userEvent.type(field, 's3cret')
    const replace = within(dialog).getByRole('button', { name: 'Replace the secret' })
    await userEvent.click(replace)
    expect(await within(dialog).findByText('The database does not answer.')).toBeInTheDocument()
    await userEvent.click(replace)
    await screen.findByText('pay_token')
    expect(sent).toEqual([{ secret: 's3cret' }, { secret: 's3cret' }])
  })

  it('names what would break, wants the name typed, and says so to the server', async () => {
    const asked: (string | null)[] = []
    server.use(
      http.delete('*/credentials/credential-1', ({ request }) => {
        asked.push(new URL(request.url).searchParams.get('force'))
        items = []
        return new HttpResponse(null, { status: 204 })
      }),
    )
    renderPage(<CredentialsPage />)
    await userEvent.click(await screen.findByRole('button', { name: 'Delete pay_token' }))
    const dialog = await screen.findByRole('dialog')
    expect(within(dialog).getByText(/1 runbook would break/)).toBeInTheDocument()
    expect(within(dialog).getByRole('link', { name: 'Restart payment API' })).toBeInTheDocument()
    const remove = within(dialog).getByRole('button', { name: 'Delete pay_token' })
    expect(remove).toBeDisabled()
    await userEvent.type(within(dialog).getByLabelText('Type pay_token to confirm'), 'pay_token')
    await userEvent.click(remove)
    expect(await screen.findByText(/There are no credentials yet/)).toBeInTheDocument()
    expect(asked).toEqual(['true'])
  })

  it('shows an operator the names, and why they cannot be changed', async () => {
    server.use(http.get('*/me', () => HttpResponse.json(me)))
    renderPage(<CredentialsPage />)
    const remove = await screen.findByRole('button', { name: 'Delete pay_token' })
    expect(remove).toBeDisabled()
    expect(remove).toHaveAccessibleDescription('You need the admin role for this.')
  })

  it('names whom to ask where even the names may not be seen', async () => {
    server.use(
      http.get('*/me', () => HttpResponse.json({ ...me, roles: ['viewer'] })),
      http.get('*/roles', () =>
        HttpResponse.json({
          items: [{ role: 'admin', description: '', rights: ['admin'], people: ['dana', 'tom'] }],
        }),
      ),
    )
    renderPage(<CredentialsPage />)
    expect(
      await screen.findByText(/You need the operator role to see credentials. Ask: dana, tom/),
    ).toBeInTheDocument()
  })
})

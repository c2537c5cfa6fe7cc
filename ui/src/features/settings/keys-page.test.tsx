import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { expiryAfter, keyState } from '@/features/settings/key-state'
import { KeysPage } from '@/features/settings/keys-page'
import type { ApiKey } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { kNow, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const aKey = (more: Partial<ApiKey> = {}): ApiKey => ({
  id: 'key-2',
  name: 'incident tooling',
  owner: 'tom',
  owner_id: 'person-2',
  prefix: 'rbk_ab12',
  roles: ['operator', 'viewer'],
  created_by: 'person-1',
  created_at: kNow,
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
  ...more,
})

let keys: ApiKey[]

beforeEach(() => {
  keys = [aKey()]
  server.use(
    http.get('*/me', () => HttpResponse.json({ ...me, roles: ['admin'] })),
    http.get('*/roles', () => HttpResponse.json({ items: [] })),
    http.get('*/api-keys', () => HttpResponse.json({ items: keys, next_cursor: null })),
  )
})

describe('keyState', () => {
  it('tells active, expired and revoked', () => {
    const now = Date.parse(kNow)
    expect(keyState(aKey(), now)).toBe('active')
    expect(keyState(aKey({ expires_at: kNow }), now)).toBe('expired')
    expect(keyState(aKey({ expires_at: kNow, revoked_at: kNow }), now)).toBe('revoked')
    expect(expiryAfter(0, now)).toBeNull()
    expect(expiryAfter(1, now)).toBe('2026-11-22T12:00:00.000Z')
  })
})

describe('KeysPage', () => {
  it('lists name, prefix, owner and roles', async () => {
    renderPage(<KeysPage />)
    const row = (await screen.findByText('incident tooling')).closest('tr') as HTMLElement
    expect(within(row).getByText('rbk_ab12')).toBeInTheDocument()
    expect(within(row).getByText('tom')).toBeInTheDocument()
    expect(within(row).getByText('operator, viewer')).toBeInTheDocument()
  })

  it('makes a key, and shows it until it was copied', async () => {
    let sent: unknown
    server.use(
      http.post('*/api-keys', async ({ request }) => {
        sent = await request.json()
        keys = [...keys, aKey({ id: 'key-3', name: 'new one' })]
        return HttpResponse.json(
          { ...aKey({ id: 'key-3', name: 'new one' }), key: 'rbk_secret' },
          { status: 201 },
        )
      }),
    )
    renderPage(<KeysPage />)
    await userEvent.click(await screen.findByRole('button', { name: 'New key' }))
    await userEvent.type(await screen.findByLabelText('Name'), 'new one')
    await userEvent.type(screen.getByLabelText(/^Owner/), 'tom')
    await userEvent.click(screen.getByRole('checkbox', { name: /operator/ }))
    await userEvent.selectOptions(screen.getByLabelText('Expires after'), 'Never')
    await userEvent.click(screen.getByRole('button', { name: 'Make the key' }))
    expect(await screen.findByLabelText('The key')).toHaveTextContent('rbk_secret')
    expect(sent).toEqual({ name: 'new one', owner: 'tom', roles: ['operator'], expires_at: null })
    await userEvent.click(screen.getByRole('button', { name: 'I have copied it' }))
    expect(screen.queryByText('rbk_secret')).not.toBeInTheDocument()
    expect(await screen.findByText('new one')).toBeInTheDocument()
  })

  it("shows the server's faults at their fields", async () => {
    server.use(
      http.post('*/api-keys', () =>
        problem(422, 'invalid', 'The request has a fault.', [
          { pointer: '/roles', code: 'required', message: 'Choose a role.' },
        ]),
      ),
    )
    renderPage(<KeysPage />)
    await userEvent.click(await screen.findByRole('button', { name: 'New key' }))
    await userEvent.type(await screen.findByLabelText('Name'), 'x')
    await userEvent.click(screen.getByRole('button', { name: 'Make the key' }))
    await screen.findByText('The key was not made.')
    expect(screen.getByRole('group', { name: 'Roles' })).toHaveAccessibleDescription(/Choose a role/)
  })

  it('revokes after the question, and warns of the own key', async () => {
    keys = [aKey({ id: me.key.id, name: 'laptop' })]
    server.use(
      http.delete('*/api-keys/key-1', () => {
        keys = [aKey({ id: me.key.id, name: 'laptop', revoked_at: kNow })]
        return new HttpResponse(null, { status: 204 })
      }),
    )
    renderPage(<KeysPage />)
    await userEvent.click(await screen.findByRole('button', { name: 'Revoke laptop' }))
    const dialog = await screen.findByRole('dialog')
    expect(within(dialog).getByText(/you will be signed out/)).toBeInTheDocument()
    await userEvent.click(within(dialog).getByRole('button', { name: 'Revoke laptop' }))
    expect(await screen.findByText('Revoked')).toBeInTheDocument()
  })

  it('tells others whom to ask', async () => {
    server.use(
      http.get('*/me', () => HttpResponse.json(me)),
      http.get('*/roles', () =>
        HttpResponse.json({
          items: [{ role: 'admin', description: '', rights: ['admin'], people: ['dana'] }],
        }),
      ),
    )
    renderPage(<KeysPage />)
    expect(
      await screen.findByText(/You need the admin role to see and make keys. Ask: dana/),
    ).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'New key' })).toBeDisabled()
  })
})

import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { expiryAfter, keyState } from '@/features/settings/key-state'
import { KeysPage } from '@/features/settings/keys-page'
import type { ApiKey } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { aRunbook, anAgent, kNow, me, problem, server } from '@/testing/server'

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

const limited = ['viewer', { role: 'operator', hosts: 'env=dev' }] as ApiKey['roles']

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

  it('limits a role to runbooks and hosts, with what they match now', async () => {
    let sent: unknown
    const labelled = (id: string, team: string) => ({ ...aRunbook({ id, labels: { team } }), recent: [] })
    server.use(
      http.get('*/runbooks', () =>
        HttpResponse.json({ items: [labelled('1', 'pay'), labelled('2', 'web')], next_cursor: null }),
      ),
      http.get('*/labels', () =>
        HttpResponse.json({
          items: [{ key: 'env', count: 3, values: [{ value: 'dev', count: 3 }] }],
          next_cursor: null,
        }),
      ),
      http.get('*/agents', () =>
        HttpResponse.json({ items: [anAgent('a'), anAgent('b'), anAgent('c')], next_cursor: null }),
      ),
      http.post('*/agents/match', () =>
        HttpResponse.json({ items: [anAgent('a'), anAgent('b')], matched: 2, online: 2 }),
      ),
      http.post('*/api-keys', async ({ request }) => {
        sent = await request.json()
        return HttpResponse.json({ ...aKey({ id: 'key-3' }), key: 'rbk_secret' }, { status: 201 })
      }),
    )
    const user = userEvent.setup()
    renderPage(<KeysPage />)
    await user.click(await screen.findByRole('button', { name: 'New key' }))
    await user.type(await screen.findByLabelText('Name'), 'pay team')
    await user.click(screen.getByRole('checkbox', { name: /viewer/ }))
    await user.click(screen.getByRole('checkbox', { name: /operator/ }))
    const where = screen.getByRole('radiogroup', { name: 'Where operator holds' })
    await user.click(within(where).getByRole('radio', { name: /Only on some/ }))
    await user.click(screen.getByRole('button', { name: 'Make the key' }))
    expect(await screen.findByText(/Say which runbooks or hosts/)).toBeInTheDocument()
    expect(sent).toBeUndefined()

    await user.type(screen.getByRole('combobox', { name: 'Runbooks of operator' }), 'team=pay{Enter}')
    await user.type(screen.getByRole('combobox', { name: 'Hosts of operator' }), 'env=dev{Enter}')
    expect(await screen.findByText('1 of 2 runbooks now')).toBeInTheDocument()
    expect(await screen.findByText('2 of 3 hosts now')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Make the key' }))
    await screen.findByLabelText('The key')
    expect(sent).toMatchObject({
      roles: ['viewer', { role: 'operator', runbooks: 'team=pay', hosts: 'env=dev' }],
    })
  })

  it('sends no selector that cannot be read', async () => {
    server.use(
      http.get('*/runbooks', () => HttpResponse.json({ items: [], next_cursor: null })),
      http.get('*/labels', () => HttpResponse.json({ items: [], next_cursor: null })),
      http.get('*/agents', () => HttpResponse.json({ items: [], next_cursor: null })),
      http.post('*/agents/match', () => HttpResponse.json({ items: [], matched: 0, online: 0 })),
    )
    const user = userEvent.setup()
    renderPage(<KeysPage />)
    await user.click(await screen.findByRole('button', { name: 'New key' }))
    await user.type(await screen.findByLabelText('Name'), 'x')
    await user.click(screen.getByRole('checkbox', { name: /author/ }))
    await user.click(screen.getByRole('radio', { name: /Only on some/ }))
    await user.type(screen.getByRole('combobox', { name: 'Runbooks of author' }), 'team in (')
    await user.click(screen.getByRole('button', { name: 'Make the key' }))
    expect(await screen.findByText('A selector cannot be read.')).toBeInTheDocument()
    expect(screen.getByText('cannot be read yet')).toBeInTheDocument()
  })

  it('shows limits in words', async () => {
    keys = [aKey({ roles: limited })]
    renderPage(<KeysPage />)
    expect(await screen.findByText('operator on hosts with env=dev')).toBeInTheDocument()
  })

  it('is not for an administrator with limits', async () => {
    server.use(
      http.get('*/me', () => HttpResponse.json({ ...me, roles: [{ role: 'admin', hosts: 'env=dev' }] })),
    )
    renderPage(<KeysPage />)
    expect(await screen.findByText(/admin role without limits.* to see and make keys/)).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'New key' })).toHaveAccessibleDescription(/without limits/)
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

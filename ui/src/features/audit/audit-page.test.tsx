import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { AuditPage } from '@/features/audit/audit-page'
import { verificationText } from '@/features/audit/chain-badge'
import * as download from '@/lib/download'
import type { AuditEvent } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { kNow, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const anEvent = (more: Partial<AuditEvent> = {}): AuditEvent => ({
  id: 7,
  at: kNow,
  person_id: 'person-1',
  person: 'mina',
  key_id: 'key-1',
  key_name: 'laptop',
  action: 'agent.update',
  object_type: 'agent',
  object_id: 'agent-1',
  object_name: 'pay-1',
  result: 'done',
  reason: null,
  address: '10.0.0.7',
  request_id: 'request-7',
  changes: { labels: { before: { env: 'dev' }, after: { env: 'prod' } } },
  ...more,
})

let asked: URLSearchParams[]

beforeEach(() => {
  asked = []
  server.use(
    http.get('*/me', () => HttpResponse.json({ ...me, roles: ['admin'] })),
    http.get('*/audit/verify', () =>
      HttpResponse.json({ valid: true, checked: 1204, first_bad: null, reason: null, checkpoint: null }),
    ),
    http.get('*/audit', ({ request }) => {
      asked.push(new URL(request.url).searchParams)
      if (request.headers.get('accept') === 'application/jsonl')
        return new HttpResponse('{"id":7}\n', { headers: { 'Content-Type': 'application/jsonl' } })
      return HttpResponse.json({ items: [anEvent()], next_cursor: null })
    }),
  )
})

describe('verificationText', () => {
  it('names what was found', () => {
    const good = { valid: true, checked: 1204, first_bad: null, reason: null, checkpoint: null }
    expect(verificationText(good)).toBe('Verified, 1,204 events')
    expect(verificationText({ ...good, valid: false, first_bad: 12, reason: 'its code differs' })).toBe(
      'Event 12 is not as it was written: its code differs',
    )
  })
})

describe('AuditPage', () => {
  it('lists who did what, and that the chain is whole', async () => {
    renderPage(<AuditPage />)
    const row = (await screen.findByText('agent.update', { selector: 'code' })).closest('tr') as HTMLElement
    expect(within(row).getByText('mina')).toBeInTheDocument()
    expect(within(row).getByText('agent pay-1')).toBeInTheDocument()
    expect(within(row).getByText('Done')).toBeInTheDocument()
    expect(await screen.findByText('Verified, 1,204 events')).toBeInTheDocument()
  })

  it('reads its filters from the address and asks the server', async () => {
    renderPage(<AuditPage />, { at: '/?person=mina&result=refused&since=2026-11-21T00:00:00.000Z' })
    await screen.findByText('mina')
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
      person: 'mina',
      result: 'refused',
      since: '2026-11-21T00:00:00.000Z',
    })
    await userEvent.selectOptions(screen.getByLabelText('Action'), 'api_key.revoke')
    expect(asked.at(-1)?.get('action')).toBe('api_key.revoke')
    expect(asked.at(-1)?.get('result')).toBe('refused')
  })

  it('opens the difference of an event as text', async () => {
    server.use(
      http.get('*/audit', () =>
        HttpResponse.json({
          items: [anEvent({ changes: { title: { before: 'a', after: '<img src=x onerror=alert(1)>' } } })],
          next_cursor: null,
        }),
      ),
    )
    renderPage(<AuditPage />)
    await userEvent.click(await screen.findByRole('button', { name: /^Event 7/ }))
    const sheet = await screen.findByRole('dialog')
    expect(within(sheet).getByText('<img src=x onerror=alert(1)>', { exact: false })).toBeInTheDocument()
    expect(sheet.querySelector('img')).toBeNull()
    expect(within(sheet).getByText('request-7')).toBeInTheDocument()
    expect(within(sheet).getByRole('link', { name: 'agent pay-1' })).toHaveAttribute('href', '/hosts/agent-1')
  })

  it('exports all that matches', async () => {
    const save = vi.spyOn(download, 'saveText').mockReturnValue()
    renderPage(<AuditPage />, { at: '/?person=mina' })
    await userEvent.click(await screen.findByRole('button', { name: 'Export JSON lines' }))
    await vi.waitFor(() => expect(save).toHaveBeenCalledOnce())
    expect(save.mock.calls[0]?.slice(0, 2)).toEqual(['audit.jsonl', '{"id":7}\n'])
    expect(asked.at(-1)?.get('person')).toBe('mina')
    expect(asked.at(-1)?.has('limit')).toBe(false)
  })

  it('tells nothing yet from nothing that matches', async () => {
    server.use(http.get('*/audit', () => HttpResponse.json({ items: [], next_cursor: null })))
    renderPage(<AuditPage />, { at: '/?person=zzz' })
    await userEvent.click(await screen.findByRole('button', { name: 'Clear the filters' }))
    expect(await screen.findByText('Nothing was changed or refused yet.')).toBeInTheDocument()
  })

  it('shows what failed', async () => {
    server.use(http.get('*/audit', () => problem(503, 'unavailable', 'The database does not answer.')))
    renderPage(<AuditPage />)
    expect(await screen.findByText('The database does not answer.')).toBeInTheDocument()
  })

  it('names whom to ask where the role is missing, and asks nothing else', async () => {
    server.use(
      http.get('*/me', () => HttpResponse.json(me)),
      http.get('*/roles', () => HttpResponse.json({ items: [] })),
    )
    renderPage(<AuditPage />)
    expect(await screen.findByText(/You need the admin role to see the audit trail/)).toBeInTheDocument()
    expect(asked).toEqual([])
  })
})

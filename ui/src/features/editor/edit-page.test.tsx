import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { browserDrafts } from '@/features/editor/draft-keeper'
import { EditPage } from '@/features/editor/edit-page'
import type { EditorFrame as Frame } from '@/features/editor/editor-frame'
import { renderPage } from '@/testing/render'
import { aRunbook, kNow, me, problem, server } from '@/testing/server'

// The frame needs a real browser; what is tried here are the drafts and what the notices do with them.
vi.mock('@/features/editor/editor-frame', async () => {
  const { useDrafts } = await import('@/features/editor/use-drafts')
  const { useSyncExternalStore } = await import('react')
  function EditorFrame({ store, keeper, notices }: Parameters<typeof Frame>[0]) {
    const { base, text } = useSyncExternalStore(store.subscribe, store.get)
    const draft = useDrafts(store, keeper)
    return (
      <>
        {notices}
        <output>{`v${base?.number} ${base?.text.trim()} | ${text.trim()} | ${draft.kind}`}</output>
      </>
    )
  }
  return { EditorFrame }
})

const aVersion = (number: number) => ({
  ...aRunbook().version,
  id: `version-${number}`,
  version_number: number,
})
let sent: unknown[] = []

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
beforeEach(() => {
  localStorage.clear()
  sent = []
  server.use(
    http.get('*/me', () => HttpResponse.json({ ...me, roles: ['author'] })),
    http.get('*/runbooks/runbook-1', () => HttpResponse.json(aRunbook({ version: aVersion(7) }))),
    http.get('*/runbooks/runbook-1/versions', () =>
      HttpResponse.json({ items: [7, 6, 5].map(aVersion), next_cursor: null }),
    ),
    http.get('*/runbooks/runbook-1/versions/:id', ({ params }) =>
      HttpResponse.text(`title: ${String(params['id'])}\n`),
    ),
    http.put('*/runbooks/runbook-1/draft', async ({ request }) => {
      const draft = (await request.json()) as object
      sent.push(draft)
      return HttpResponse.json({ ...draft, updated_at: kNow })
    }),
  )
})
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const open = () => renderPage(<EditPage />, { path: '/runbooks/:id/edit', at: '/runbooks/runbook-1/edit' })
const serverHas = (base: number, yaml: string) =>
  server.use(
    http.get('*/runbooks/runbook-1/draft', () =>
      HttpResponse.json({ base_version_number: base, yaml, updated_at: kNow }),
    ),
  )

test('another draft comes with the version it was made on', async () => {
  serverHas(7, 'title: newer\n')
  const old = { base: 5, yaml: 'title: older\n', at: '2020-01-01T00:00:00Z', after: null }
  browserDrafts(me.id, 'runbook-1').write(old)
  open()
  expect(await screen.findByText('v7 title: version-7 | title: newer | kept')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Use that one' }))
  await screen.findByText('v5 title: version-5 | title: older | kept')
  expect(sent).toEqual([{ base_version_number: 5, yaml: 'title: older\n' }])
})

test('a draft found in this browser is sent at once', async () => {
  server.use(http.get('*/runbooks/runbook-1/draft', () => problem(404, 'no_draft', 'None.')))
  const here = { base: 7, yaml: 'title: here\n', at: '2020-01-01T00:00:00Z', after: null }
  browserDrafts(me.id, 'runbook-1').write(here)
  open()
  await waitFor(() => expect(sent).toEqual([{ base_version_number: 7, yaml: 'title: here\n' }]))
})

test('a draft that could not be discarded is said', async () => {
  serverHas(7, 'title: newer\n')
  server.use(http.delete('*/runbooks/runbook-1/draft', () => problem(403, 'forbidden', 'Not now.')))
  open()
  await userEvent.click(await screen.findByRole('button', { name: 'Discard' }))
  expect(await screen.findByText(/could not be discarded.*Not now/)).toBeVisible()
})

import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { ComparePage } from '@/features/runbooks/compare-page'
import { VersionsPage } from '@/features/runbooks/versions-page'
import type { Role, Runbook } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { aRunbook, kNow, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const aVersion = (number: number, message = ''): Runbook['version'] => ({
  id: `version-${number}`,
  runbook_id: 'runbook-1',
  version_number: number,
  created_at: kNow,
  created_by: 'person-1',
  created_by_name: number === 2 ? 'tom' : 'mina',
  message,
})
const [block] = aRunbook().blocks
const contents: Record<string, Runbook> = {
  'version-1': aRunbook({ version: aVersion(1) }),
  'version-2': aRunbook({
    version: aVersion(2, 'larger'),
    blocks: [
      { ...block, config: { command: 'du -x /\ndf' } },
      { ...block, id: 'block-2', slug: 'new', name: 'New', type: 'timer', config: { seconds: 5 } },
    ] as Runbook['blocks'],
  }),
}

let sent: { body: unknown; match: string | null; path: string }[] = []
function controller({ roles = ['author'] as Role[], refuse = false } = {}) {
  sent = []
  let newest = 2
  const current = () => ({ ...contents['version-2'], version: aVersion(newest) })
  server.use(
    http.get('*/me', () => HttpResponse.json({ ...me, roles })),
    http.get('*/runbooks/runbook-1', () => HttpResponse.json(current())),
    http.get('*/runbooks/runbook-1/versions', () => {
      const items = Array.from({ length: newest }, (_, index) => aVersion(newest - index, 'larger'))
      return HttpResponse.json({ items, next_cursor: null })
    }),
    http.get('*/runbooks/runbook-1/versions/:id', ({ params, request }) => {
      const id = String(params['id'])
      if (request.headers.get('Accept') === 'application/yaml')
        return HttpResponse.text(`title: of ${id}\nlabels: {}\n`)
      return contents[id] ? HttpResponse.json(contents[id]) : problem(404, 'not_found', 'No such version.')
    }),
    http.get('*/executions', () =>
      HttpResponse.json({
        items: [
          { id: 'e2', version_id: 'version-2', status: 'failed' },
          { id: 'e1', version_id: 'version-1', status: 'completed' },
          { id: 'e0', version_id: 'version-1', status: 'completed' },
        ],
        next_cursor: null,
      }),
    ),
    http.post('*/runbooks/runbook-1/versions/:id/rollback', async ({ request }) => {
      sent.push({
        body: await request.json(),
        match: request.headers.get('If-Match'),
        path: new URL(request.url).pathname,
      })
      if (refuse) return problem(412, 'precondition_failed', 'Version 3 was saved since.')
      newest += 1
      return HttpResponse.json(current(), { status: 201 })
    }),
  )
}

const versions = () =>
  renderPage(<VersionsPage />, { path: '/runbooks/:id/versions', at: '/runbooks/runbook-1/versions' })
const compare = (query: string) =>
  renderPage(<ComparePage />, { path: '/runbooks/:id/compare', at: `/runbooks/runbook-1/compare${query}` })

describe('VersionsPage', () => {
  it('lists number, author, note and the runs of each', async () => {
    controller()
    versions()
    const row = within(await screen.findByRole('row', { name: /v2/ }))
    expect(row.getByText('newest')).toBeInTheDocument()
    expect(row.getByText('tom')).toBeInTheDocument()
    expect(row.getByText('larger')).toBeInTheDocument()
    expect(await row.findByText('1 run')).toBeInTheDocument()
    expect(row.queryByRole('button', { name: /Roll back/ })).not.toBeInTheDocument()
    expect(within(screen.getByRole('row', { name: /v1/ })).getByText('2 runs')).toBeInTheDocument()
  })

  it('names the effect before it rolls back, and says so afterwards', async () => {
    controller()
    const user = userEvent.setup()
    versions()
    const ask = await screen.findByRole('button', { name: 'Roll back to version 1' })
    await waitFor(() => expect(ask).toBeEnabled())
    await user.click(ask)
    const dialog = within(await screen.findByRole('dialog', { name: 'Roll back to version 1?' }))
    expect(await dialog.findByText(/Against version 2: 1 removed, 1 changed/)).toBeInTheDocument()
    expect(sent).toEqual([])
    await user.click(dialog.getByRole('button', { name: 'Make v3 equal to v1' }))
    expect(await screen.findByText('Version 3 was made. It is equal to version 1.')).toBeInTheDocument()
    expect(sent).toEqual([
      {
        body: { message: 'Roll back to version 1' },
        match: '"2"',
        path: '/runbooks/runbook-1/versions/version-1/rollback',
      },
    ])
    expect(await screen.findByRole('row', { name: /v3/ })).toHaveTextContent('newest')
  })

  it('shows that somebody else was faster', async () => {
    controller({ refuse: true })
    const user = userEvent.setup()
    versions()
    await user.click(await screen.findByRole('button', { name: 'Roll back to version 1' }))
    await user.click(await screen.findByRole('button', { name: 'Make v3 equal to v1' }))
    expect(await screen.findByText('Nothing was rolled back.')).toBeInTheDocument()
    expect(screen.getByText('Version 3 was saved since.')).toBeInTheDocument()
    expect(screen.queryByText(/was made/)).not.toBeInTheDocument()
  })

  it('says why an operator may not roll back', async () => {
    controller({ roles: ['operator'] })
    versions()
    const button = await screen.findByRole('button', { name: 'Roll back to version 1' })
    expect(button).toBeDisabled()
    expect(button).toHaveAccessibleDescription('You need the author role for this.')
  })

  it('knows a runbook that is gone', async () => {
    server.use(http.get('*/runbooks/runbook-1', () => problem(404, 'not_found', 'There is no such runbook.')))
    versions()
    expect(await screen.findByText(/This runbook is not there/)).toBeInTheDocument()
  })
})

describe('ComparePage', () => {
  it('shows what became of each block and its fields', async () => {
    controller()
    compare('?from=1&to=2')
    expect(await screen.findByText('1 added, 1 changed')).toBeInTheDocument()
    const blocks = within(screen.getByRole('region', { name: 'Blocks' }))
    const [first, second] = blocks.getAllByRole('listitem')
    expect(first).toHaveTextContent('Changed')
    const change = within(first as HTMLElement).getByRole('region', { name: 'Change of command' })
    expect(change).toHaveTextContent('removed: du -x "$RUNBOOK_PARAM_PATH"')
    expect(change).toHaveTextContent('added: du -x /')
    expect(change).toHaveTextContent('added: df')
    expect(second).toHaveTextContent('Added')
    expect(second).toHaveTextContent('Waits 0:05')
  })

  it('says that a version equals itself, and shows the text of both', async () => {
    controller()
    compare('?from=2&to=2')
    expect(await screen.findByText('Versions 2 and 2 are equal.')).toBeInTheDocument()
    await userEvent.click(screen.getByRole('radio', { name: 'YAML' }))
    expect(await screen.findByRole('region', { name: 'YAML of version 2 and 2' })).toHaveTextContent(
      'title: of version-2',
    )
  })

  it('swaps the two and keeps the view', async () => {
    controller()
    compare('?from=1&to=2&view=split')
    const text = await screen.findByRole('region', { name: 'YAML of version 1 and 2' })
    expect(text).toHaveTextContent(/removed: title: of version-1.*added: title: of version-2/)
    await userEvent.click(screen.getByRole('button', { name: 'Swap the two versions' }))
    expect(await screen.findByRole('region', { name: 'YAML of version 2 and 1' })).toBeInTheDocument()
  })

  it('knows a version that is not there', async () => {
    controller()
    compare('?from=1&to=9')
    expect(await screen.findByText(/There is no version 9/)).toBeInTheDocument()
  })
})

import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import { oneStream } from '@/features/runbooks/chosen-bar'
import { RunbooksPage } from '@/features/runbooks/runbooks-page'
import * as download from '@/lib/download'
import type { Role } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { aRunbook, kNow, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const anItem = (id: string, title: string, more: object = {}) => ({
  ...aRunbook({ id, title }),
  last_execution: { id: 'execution-1', status: 'failed', start_time: kNow, end_time: kNow },
  recent: [
    { id: 'execution-1', status: 'failed' },
    { id: 'execution-0', status: 'completed' },
  ],
  ...more,
})
const item = anItem('runbook-1', 'Disk space triage')
let asked: URLSearchParams[] = []
const answer = (items: unknown[]) => {
  asked = []
  server.use(
    http.get('*/runbooks', ({ request }) => {
      asked.push(new URL(request.url).searchParams)
      return HttpResponse.json({ items, next_cursor: null })
    }),
  )
}
const as = (...roles: Role[]) => server.use(http.get('*/me', () => HttpResponse.json({ ...me, roles })))

describe('RunbooksPage', () => {
  it('lists title, labels, version, last result, runs, owner and Run', async () => {
    answer([item])
    renderPage(<RunbooksPage />)
    expect(await screen.findByRole('link', { name: 'Disk space triage' })).toHaveAttribute(
      'href',
      '/runbooks/runbook-1',
    )
    const row = within(screen.getByRole('row', { name: /Disk space triage/ }))
    expect(row.getByText('kind=triage')).toBeInTheDocument()
    expect(row.getByText('v3')).toBeInTheDocument()
    expect(row.getByRole('link', { name: /^Failed/ })).toHaveAttribute('href', '/executions/execution-1')
    expect(row.getByRole('img', { name: 'Last 2 runs: 1 completed, 1 failed' })).toBeInTheDocument()
    expect(row.getByText('mina')).toBeInTheDocument()
    expect(await screen.findByRole('button', { name: 'Run Disk space triage' })).toBeEnabled()
  })

  it('says why a viewer may neither run, nor write, nor delete', async () => {
    answer([item])
    as('viewer')
    renderPage(<RunbooksPage />)
    const run = await screen.findByRole('button', { name: 'Run Disk space triage' })
    expect(run).toBeDisabled()
    expect(run).toHaveAccessibleDescription('You need the operator role for this.')
    const create = screen.getByRole('button', { name: /New runbook/ })
    expect(create).toBeDisabled()
    expect(create).toHaveAccessibleDescription('You need the author role for this.')
    await userEvent.click(screen.getByRole('checkbox', { name: 'Choose Disk space triage' }))
    expect(screen.getByRole('button', { name: 'Delete…' })).toBeDisabled()
    expect(screen.getByRole('button', { name: 'Export as YAML' })).toBeEnabled()
  })

  it('tells none yet from none that match, and clears the filters', async () => {
    answer([])
    renderPage(<RunbooksPage />, { at: '/?q=zzz&last=failed' })
    expect(await screen.findByText('No runbook matches these filters.')).toBeInTheDocument()
    expect(screen.getByRole('combobox', { name: 'Last result' })).toHaveValue('failed')
    await userEvent.click(screen.getAllByRole('button', { name: 'Clear filters' })[0] as HTMLElement)
    expect(await screen.findByText('There are no runbooks yet.')).toBeInTheDocument()
  })

  it('asks the controller with the filters of the address', async () => {
    answer([item])
    const user = userEvent.setup()
    renderPage(<RunbooksPage />, { at: '/?q=disk&selector=kind%3Dtriage&owner=person-1&last=failed' })
    await screen.findByRole('link', { name: 'Disk space triage' })
    const sent = asked.find((query) => query.has('q'))
    expect(Object.fromEntries(sent ?? [])).toEqual({
      limit: '100',
      q: 'disk',
      selector: 'kind=triage',
      created_by: 'person-1',
      last_status: 'failed',
    })
    const labels = screen.getByRole('textbox', { name: 'Labels' })
    await user.clear(labels)
    await user.type(labels, 'kind in (a,b){Enter}')
    await vi.waitFor(() => expect(asked.at(-1)?.get('selector')).toBe('kind in (a,b)'))
  })

  it('runs by r and edits by e the row that has the focus', async () => {
    answer([item])
    as('operator', 'author')
    server.use(http.get('*/runbooks/runbook-1', () => HttpResponse.json(aRunbook())))
    server.use(http.get('*/agents', () => HttpResponse.json({ items: [], next_cursor: null })))
    server.use(http.get('*/labels', () => HttpResponse.json({ items: [], next_cursor: null })))
    server.use(http.get('*/roles', () => HttpResponse.json({ items: [] })))
    const user = userEvent.setup()
    renderPage(<RunbooksPage />, { others: { '/runbooks/:id/edit': <p>the editor</p> } })
    await screen.findByRole('link', { name: 'Disk space triage' })
    await vi.waitFor(() => expect(screen.getByRole('button', { name: /New runbook/ })).toBeEnabled())
    await user.keyboard('jr')
    expect(await screen.findByRole('dialog', { name: 'Run Disk space triage' })).toBeInTheDocument()
    await user.keyboard('{Escape}')
    await vi.waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument())
    await user.keyboard('je')
    expect(await screen.findByText('the editor')).toBeInTheDocument()
  })

  it('exports the chosen ones as one file of several documents', async () => {
    answer([item, anItem('runbook-2', 'Other')])
    server.use(
      http.get('*/runbooks/:id', ({ params, request }) => {
        expect(request.headers.get('Accept')).toBe('application/yaml')
        return HttpResponse.text(`title: ${String(params['id'])} # kept\n`)
      }),
    )
    const save = vi.spyOn(download, 'saveText').mockReturnValue()
    renderPage(<RunbooksPage />)
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Choose all' }))
    await userEvent.click(screen.getByRole('button', { name: 'Export 2 as one YAML file' }))
    await vi.waitFor(() =>
      expect(save).toHaveBeenCalledWith(
        'runbooks.yaml',
        '---\ntitle: runbook-1 # kept\n---\ntitle: runbook-2 # kept\n',
        'application/yaml',
      ),
    )
  })

  it('names what it deletes, and shows which one was refused', async () => {
    answer([item, anItem('runbook-2', 'Other')])
    as('author')
    const deleted: string[] = []
    server.use(
      http.delete('*/runbooks/:id', ({ params, request }) => {
        if (params['id'] === 'runbook-2') return problem(412, 'precondition_failed', 'It was changed since.')
        deleted.push(`${String(params['id'])} ${request.headers.get('If-Match')}`)
        return new HttpResponse(null, { status: 204 })
      }),
    )
    renderPage(<RunbooksPage />)
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Choose all' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Delete…' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Delete 2 runbooks?' }))
    expect(dialog.getByText('Disk space triage')).toBeInTheDocument()
    await userEvent.click(dialog.getByRole('button', { name: 'Delete 2 runbooks' }))
    expect(await dialog.findByText('Other was not deleted.')).toBeInTheDocument()
    expect(dialog.getByText('It was changed since.')).toBeInTheDocument()
    expect(deleted).toEqual(['runbook-1 "3"'])
    expect(dialog.getByRole('button', { name: 'Delete Other' })).toBeInTheDocument()
  })

  it('shows what failed, the request id, and tries again', async () => {
    server.use(http.get('*/runbooks', () => problem(503, 'unavailable', 'The database does not answer.')))
    renderPage(<RunbooksPage />)
    expect(
      await screen.findByText('The database does not answer.', undefined, { timeout: 10_000 }),
    ).toBeInTheDocument()
    expect(screen.getByText('request-1')).toBeInTheDocument()
    answer([item])
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
    expect(await screen.findByRole('link', { name: 'Disk space triage' })).toBeInTheDocument()
  }, 15_000)
})

describe('oneStream', () => {
  it('leaves one document as it is and marks several', () => {
    expect(oneStream(['# a comment\ntitle: a\n'])).toBe('# a comment\ntitle: a\n')
    expect(oneStream(['---\ntitle: a', 'title: b\n\n'])).toBe('---\ntitle: a\n---\ntitle: b\n')
  })
})

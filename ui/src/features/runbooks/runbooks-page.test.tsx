import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { RunbooksPage } from '@/features/runbooks/runbooks-page'
import { renderPage } from '@/testing/render'
import { aRunbook, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const answer = (items: unknown[]) =>
  server.use(http.get('*/runbooks', () => HttpResponse.json({ items, next_cursor: null })))

describe('RunbooksPage', () => {
  it('lists title, labels, version and Run', async () => {
    answer([aRunbook()])
    renderPage(<RunbooksPage />)
    expect(await screen.findByRole('link', { name: 'Disk space triage' })).toHaveAttribute(
      'href',
      '/runbooks/runbook-1',
    )
    expect(screen.getByText('kind=triage')).toBeInTheDocument()
    expect(screen.getByText('v3')).toBeInTheDocument()
    expect(await screen.findByRole('button', { name: 'Run Disk space triage' })).toBeEnabled()
  })

  it('says why a viewer may not run', async () => {
    answer([aRunbook()])
    server.use(http.get('*/me', () => HttpResponse.json({ ...me, roles: ['viewer'] })))
    renderPage(<RunbooksPage />)
    const run = await screen.findByRole('button', { name: 'Run Disk space triage' })
    expect(run).toBeDisabled()
    expect(run).toHaveAccessibleDescription('You need the operator role for this.')
  })

  it('tells none yet from none that match', async () => {
    answer([])
    renderPage(<RunbooksPage />)
    expect(await screen.findByText(/There are no runbooks yet/)).toBeInTheDocument()
  })

  it('offers to clear a filter that matches nothing', async () => {
    answer([])
    renderPage(<RunbooksPage />, { at: '/?title=zzz' })
    expect(await screen.findByText('No runbook has this in its title.')).toBeInTheDocument()
    await userEvent.click(screen.getByRole('button', { name: 'Clear the filter' }))
    expect(await screen.findByText(/There are no runbooks yet/)).toBeInTheDocument()
  })

  it('shows what failed, the request id, and tries again', async () => {
    server.use(http.get('*/runbooks', () => problem(503, 'unavailable', 'The database does not answer.')))
    renderPage(<RunbooksPage />)
    expect(
      await screen.findByText('The database does not answer.', undefined, { timeout: 10_000 }),
    ).toBeInTheDocument()
    expect(screen.getByText('request-1')).toBeInTheDocument()
    answer([aRunbook()])
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
    expect(await screen.findByRole('link', { name: 'Disk space triage' })).toBeInTheDocument()
  }, 15_000)
})

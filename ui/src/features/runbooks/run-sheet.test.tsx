import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { RunSheet } from '@/features/runbooks/run-sheet'
import type { ExecuteInput, Targets } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { aRunbook, anAgent, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const agents = [anAgent('web-1'), anAgent('web-2', { status: 'offline' })]
let sent: { body: ExecuteInput; key: string | null }[] = []

function controller(
  execute = () => HttpResponse.json({ id: 'execution-1', status: 'pending' }, { status: 202 }),
) {
  sent = []
  server.use(
    http.get('*/runbooks/runbook-1', () => HttpResponse.json(aRunbook())),
    http.get('*/agents', () => HttpResponse.json({ items: agents, next_cursor: null })),
    http.get('*/labels', () => HttpResponse.json({ items: [], next_cursor: null })),
    http.post('*/agents/match', async ({ request }) => {
      const targets = (await request.json()) as Targets
      const items = agents.filter(
        (agent) => targets.selector === 'role=web' || targets.hosts?.includes(agent.host),
      )
      return HttpResponse.json({ items, matched: items.length, online: 1 })
    }),
    http.post('*/runbooks/runbook-1/execute', async ({ request }) => {
      sent.push({ body: (await request.json()) as ExecuteInput, key: request.headers.get('Idempotency-Key') })
      return execute()
    }),
  )
}

const open = () =>
  renderPage(<RunSheet runbookId="runbook-1" onClose={() => undefined} />, {
    others: { '/executions/:id': <p>the execution</p> },
  })

describe('RunSheet', () => {
  it('names the number of hosts in the button, says what starting means, and starts', async () => {
    controller()
    const user = userEvent.setup()
    open()
    expect(await screen.findByText(/confirms every command below in advance/)).toBeInTheDocument()
    expect(screen.getByRole('button', { name: /^Run/ })).toBeDisabled()
    await user.type(screen.getByLabelText('Label selector'), 'role=web')
    await user.type(screen.getByLabelText('path'), '/var')
    const run = await screen.findByRole('button', { name: 'Run on 2 hosts' })
    expect(screen.getByText('Matches 2 of 2 hosts')).toBeInTheDocument()
    expect(screen.getByText('1 offline: web-2')).toBeInTheDocument()
    await user.click(run)
    expect(await screen.findByText('the execution')).toBeInTheDocument()
    expect(sent[0]?.body).toEqual({
      parameters: { path: '/var' },
      version_id: 'version-1',
      approval: 'preapproved',
      targets: { selector: 'role=web' },
    })
    expect(sent[0]?.key).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('runs on hosts chosen by name', async () => {
    controller()
    const user = userEvent.setup()
    open()
    await user.type(await screen.findByLabelText('Hosts by name'), 'web-1{Enter}')
    await user.type(screen.getByLabelText('path'), '/var')
    await user.click(await screen.findByRole('button', { name: 'Run on 1 host' }))
    await waitFor(() => expect(sent[0]?.body.targets).toEqual({ hosts: ['web-1'] }))
  })

  it('shows a fault at its field before anything is sent', async () => {
    controller()
    const user = userEvent.setup()
    open()
    await user.type(await screen.findByLabelText('Hosts by name'), 'web-1{Enter}')
    await user.type(screen.getByLabelText('path'), 'var')
    await user.click(await screen.findByRole('button', { name: 'Run on 1 host' }))
    expect(screen.getByLabelText('path')).toBeInvalid()
    expect(sent).toEqual([])
  })

  it('shows what the server refused, and repeats the same request under the same key', async () => {
    controller(() =>
      problem(422, 'invalid', 'The request has 1 fault.', [
        { pointer: '/parameters/path', code: 'bad_value', message: 'is not a folder' },
      ]),
    )
    const user = userEvent.setup()
    open()
    await user.type(await screen.findByLabelText('Hosts by name'), 'web-1{Enter}')
    await user.type(screen.getByLabelText('path'), '/nowhere')
    const run = await screen.findByRole('button', { name: 'Run on 1 host' })
    await user.click(run)
    expect(await screen.findByText('The execution was not started.')).toBeInTheDocument()
    expect(screen.getByLabelText('path')).toHaveAccessibleDescription(/is not a folder/)
    await user.click(run)
    await waitFor(() => expect(sent).toHaveLength(2))
    expect(sent[0]?.key).toBe(sent[1]?.key)
  })
})

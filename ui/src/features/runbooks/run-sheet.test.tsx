import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { RunSheet } from '@/features/runbooks/run-sheet'
import type { ExecuteInput, Runbook, Targets } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { aRunbook, anAgent, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const agents = [anAgent('web-1'), anAgent('web-2', { status: 'offline' })]
let sent: { body: ExecuteInput; key: string | null }[] = []

function controller(
  execute = () => HttpResponse.json({ id: 'execution-1', status: 'pending' }, { status: 202 }),
  runbook = aRunbook(),
) {
  sent = []
  server.use(
    http.get('*/runbooks/runbook-1', () => HttpResponse.json(runbook)),
    http.get('*/agents', () => HttpResponse.json({ items: agents, next_cursor: null })),
    http.get('*/labels', () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get('*/roles', () =>
      HttpResponse.json({
        items: [{ role: 'approver', description: '', rights: ['read', 'approve'], people: ['tom', 'dana'] }],
      }),
    ),
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
  it('names the number of hosts in the button, asks before each command, and starts', async () => {
    controller()
    const user = userEvent.setup()
    open()
    expect(await screen.findByText('1 command will ask before it runs.')).toBeInTheDocument()
    expect(screen.getByRole('radio', { name: 'Ask me before each command' })).toBeChecked()
    expect(screen.getByText('asks you before it runs')).toBeInTheDocument()
    expect(await screen.findByText('May approve every command: dana, tom.')).toBeInTheDocument()
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
      approval: 'each',
      targets: { selector: 'role=web' },
    })
    expect(sent[0]?.key).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('takes secret values unseen and leaves them nowhere in the browser', async () => {
    const secret = 'correct horse\nbattery staple'
    const parameters: Runbook['parameters'] = [
      { name: 'token', type: 'string', required: true, secret: true },
      { name: 'pin', type: 'integer', secret: true },
    ]
    const instruction: Runbook['blocks'][number] = {
      id: 'block-1',
      name: 'Read',
      slug: 'read',
      order: 0,
      type: 'instruction',
      on_failure: 'stop',
      config: { text: 'x' },
    }
    controller(undefined, aRunbook({ parameters, blocks: [instruction] }))
    const user = userEvent.setup()
    open()
    const token = await screen.findByLabelText('token')
    expect(token).toHaveAttribute('type', 'password')
    expect(token).toHaveAttribute('autocomplete', 'off')
    expect(screen.getByLabelText(/^pin/)).toHaveAttribute('type', 'password')
    await user.type(screen.getByLabelText(/^pin/), '123456')
    await user.click(token)
    await user.paste(secret)
    expect(screen.getByLabelText('token')).toHaveValue(secret)
    expect(screen.getByLabelText('token')).toHaveClass('[-webkit-text-security:disc]')
    await user.click(screen.getByRole('button', { name: 'Run' }))
    expect(await screen.findByText('the execution')).toBeInTheDocument()
    expect(sent[0]?.body.parameters).toEqual({ token: secret, pin: 123456 })
    const kept = [localStorage, sessionStorage].map((each) => JSON.stringify({ ...each })).join()
    const all =
      kept +
      window.location.href +
      JSON.stringify(window.history.state) +
      new XMLSerializer().serializeToString(document.body)
    expect(all).not.toMatch(/correct horse|123456/)
  })

  it('shows the commands that starting confirms, and confirms them', async () => {
    controller()
    const user = userEvent.setup()
    open()
    await user.click(await screen.findByRole('radio', { name: 'I confirm all commands now' }))
    expect(screen.getByText('Starting confirms 1 command now.')).toBeInTheDocument()
    expect(screen.getByRole('region', { name: 'Command text' })).toHaveTextContent(
      'du -x "$RUNBOOK_PARAM_PATH"',
    )
    expect(screen.getByRole('region', { name: 'Command text' })).toBeVisible()
    await user.type(screen.getByLabelText('Hosts by name'), 'web-1{Enter}')
    await user.type(screen.getByLabelText('path'), '/var')
    await user.click(await screen.findByRole('button', { name: 'Run on 1 host' }))
    await waitFor(() => expect(sent[0]?.body.approval).toBe('preapproved'))
  })

  it('leaves the hosts of the runbook as they are, and refuses to reach none', async () => {
    const [block] = aRunbook().blocks
    const own = (selector: string) => [{ ...block, config: { command: 'true', targets: { selector } } }]
    controller(undefined, aRunbook({ parameters: [], blocks: own('role=db') as Runbook['blocks'] }))
    open()
    expect(await screen.findByText('Matches no host now')).toBeInTheDocument()
    expect(screen.getByText('Step 1, set by the runbook')).toBeInTheDocument()
    expect(screen.queryByLabelText('Label selector')).not.toBeInTheDocument()
    const run = screen.getByRole('button', { name: 'Run on 0 hosts' })
    expect(run).toBeDisabled()
    expect(run).toHaveAccessibleDescription('A step would have no host.')
  })

  it('shows what a dry run found, and says when the form has changed since', async () => {
    const plan = {
      approval: 'each',
      unreachable: [{ agent_id: 'agent-web-2', host: 'web-2', status: 'offline' }],
      blocks: [
        {
          slug: 'largest_folders',
          name: 'Largest folders',
          type: 'command',
          when: null,
          on_failure: 'stop',
          command: 'du -x /var',
          hosts: [{ agent_id: 'agent-web-1', host: 'web-1', status: 'online' }],
          approval: { required: 1, other_person: false, preapproved: false, waits: true },
        },
      ],
    }
    controller(() => HttpResponse.json(plan))
    const user = userEvent.setup()
    open()
    await user.type(await screen.findByLabelText('Hosts by name'), 'web-1{Enter}')
    await user.type(screen.getByLabelText('path'), '/var')
    const preview = screen.getByRole('button', { name: 'Show what would happen' })
    await waitFor(() => expect(preview).toBeEnabled())
    await user.click(preview)
    expect(await screen.findByText('on 1 host · waits for 1 approval')).toBeInTheDocument()
    expect(screen.getByText(/1 host not connected: web-2/)).toBeInTheDocument()
    expect(screen.getByText('du -x /var')).toBeInTheDocument()
    expect(sent[0]?.body.dry_run).toBe(true)
    expect(sent[0]?.key).toBeNull()
    expect(screen.queryByText(/The form has changed since/)).not.toBeInTheDocument()
    await user.type(screen.getByLabelText('path'), '/log')
    expect(screen.getByText(/The form has changed since/)).toBeInTheDocument()
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
        { pointer: '/targets/hosts/0', code: 'draining_host', message: 'takes no new work' },
        { pointer: '/reason', code: 'too_long', message: 'is too long' },
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
    expect(screen.getByLabelText('Hosts by name')).toHaveAccessibleDescription(/takes no new work/)
    expect(screen.getByLabelText(/^Reason/)).toHaveAccessibleDescription(/is too long/)
    await user.click(run)
    await waitFor(() => expect(sent).toHaveLength(2))
    expect(sent[0]?.key).toBe(sent[1]?.key)
  })
})

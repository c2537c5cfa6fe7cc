import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { ApprovalPage } from '@/features/approvals/approval-page'
import type { Execution, Role, Step } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { aRunbook, anAgent, kNow, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const kLater = new Date(Date.now() + 3_600_000).toISOString()
const command = 'sudo systemctl restart payment-api && sleep 5 && curl -fsS localhost:8080/healthz'

const anApproval = (more: object = {}) => ({
  digest: 'a'.repeat(64),
  required: 2,
  other_person: false,
  given: [{ by: 'person-3', by_name: 'dana', at: kNow, note: 'looks right' }],
  expires_at: kLater,
  commands: [
    { host: 'web-1', agent_id: 'agent-web-1', command },
    { host: 'web-2', agent_id: 'agent-web-2', command },
  ],
  ...more,
})

const aStep = (more: object = {}) =>
  ({
    id: 'step-1',
    job_id: 'execution-1',
    block_id: 'block-1',
    slug: 'restart',
    name: 'Restart payment-api',
    type: 'command',
    order: 5,
    attempt: 1,
    status: 'awaiting_approval',
    reason: null,
    timestamp: kNow,
    end_time: null,
    approval: anApproval(),
    host_counts: { queued: 2 },
    ...more,
  }) as unknown as Step

const anExecution = (step: Step) =>
  ({
    id: 'execution-1',
    runbook_id: 'runbook-1',
    version_id: 'version-1',
    version_number: 14,
    title: 'Restart payment API',
    status: 'awaiting_approval',
    requested_by: 'person-2',
    requested_by_name: 'tom',
    reason: 'INC-2291',
    targets: { selector: 'role=web' },
    steps: [step],
  }) as unknown as Execution

let execution = anExecution(aStep())
let sent: { action: string; body: unknown }[] = []

function controller(step = aStep(), roles: Role[] = ['approver'], refuse?: () => ReturnType<typeof problem>) {
  execution = anExecution(step)
  sent = []
  const agents = [anAgent('web-1'), anAgent('web-2'), anAgent('web-3', { status: 'draining' })]
  server.use(
    http.get('*/me', () => HttpResponse.json({ ...me, roles })),
    http.get('*/executions/execution-1', () => HttpResponse.json(execution)),
    http.get('*/runbooks/runbook-1/versions/version-1', () => HttpResponse.json(aRunbook())),
    http.post('*/agents/match', async ({ request }) => {
      const { hosts } = (await request.json()) as { hosts?: string[] }
      const items = hosts ? agents.filter((agent) => hosts.includes(agent.id)) : agents
      return HttpResponse.json({ items, matched: items.length, online: 2 })
    }),
    http.post('*/executions/execution-1/steps/step-1/:action', async ({ request, params }) => {
      sent.push({ action: String(params['action']), body: await request.json() })
      return refuse ? refuse() : HttpResponse.json({ id: 'execution-1', status: 'running' }, { status: 202 })
    }),
  )
}

const open = () =>
  renderPage(<ApprovalPage />, {
    path: '/approvals/:execution/:step',
    at: '/approvals/execution-1/step-1',
  })

describe('ApprovalPage, waiting', () => {
  it('shows what, where, who asked, who approved, until when and what is left out', async () => {
    controller()
    open()
    expect(
      await screen.findByRole('heading', { level: 1, name: 'Restart payment-api on 2 hosts' }),
    ).toBeInTheDocument()
    expect(screen.getByText(/^Step 6 of/)).toHaveTextContent('Step 6 of Restart payment API, v14')
    expect(screen.getByRole('region', { name: 'Command to approve' })).toHaveTextContent(command)
    const facts = within(screen.getByRole('list', { name: 'Facts' }))
    expect(await facts.findByText('role=web: 2 online')).toBeInTheDocument()
    expect(await facts.findByText('1 host drains and is left out: web-3')).toBeInTheDocument()
    expect(facts.getByText('Started by tom for INC-2291')).toBeInTheDocument()
    expect(facts.getByText(/^Expires in (59|1:00):/)).toBeInTheDocument()
    expect(screen.getByText('1 of 2 approvals')).toBeInTheDocument()
    expect(screen.getByText(/^dana approved/)).toHaveTextContent('looks right')
  })

  it('approves what is shown, with the reason, and says what happens next', async () => {
    controller()
    const user = userEvent.setup()
    open()
    await user.type(await screen.findByLabelText(/^Reason/), 'checked the graphs')
    const approve = screen.getByRole('button', { name: 'Approve and run on 2 hosts' })
    await waitFor(() => expect(approve).toBeEnabled())
    execution = anExecution(aStep({ status: 'running', approval: anApproval() }))
    await user.click(approve)
    expect(sent).toEqual([
      { action: 'approve', body: { digest: 'a'.repeat(64), note: 'checked the graphs' } },
    ])
    expect(
      await screen.findByText(/Your approval was the last one needed. It runs on 2 hosts now/),
    ).toBeVisible()
    expect(screen.getByRole('link', { name: 'Follow the execution' })).toHaveAttribute(
      'href',
      '/executions/execution-1?step=step-1',
    )
    expect(screen.queryByRole('button', { name: /^Approve/ })).not.toBeInTheDocument()
  })

  it('asks for a reason before it rejects', async () => {
    controller()
    const user = userEvent.setup()
    open()
    const reject = await screen.findByRole('button', { name: 'Reject' })
    await waitFor(() => expect(reject).toBeEnabled())
    await user.click(reject)
    expect(screen.getByLabelText(/^Reason/)).toHaveFocus()
    expect(screen.getByText('Say why you reject it.')).toBeInTheDocument()
    expect(sent).toEqual([])
    await user.type(screen.getByLabelText(/^Reason/), 'wrong hosts')
    await user.click(reject)
    await waitFor(() => expect(sent).toEqual([{ action: 'reject', body: { reason: 'wrong hosts' } }]))
  })

  it('shows the difference, and approves nothing, when what would run has changed', async () => {
    controller(aStep(), ['approver'], () => problem(409, 'conflict', 'Something else waits now.'))
    const user = userEvent.setup()
    open()
    const approve = await screen.findByRole('button', { name: /^Approve/ })
    await waitFor(() => expect(approve).toBeEnabled())
    execution = anExecution(
      aStep({
        approval: anApproval({
          digest: 'b'.repeat(64),
          commands: [{ host: 'web-1', agent_id: 'agent-web-1', command }],
        }),
      }),
    )
    await user.click(approve)
    expect(
      await screen.findByText('Nothing was approved: what would run is not what you saw.'),
    ).toBeInTheDocument()
    expect(screen.getByRole('button', { name: /^Approve/ })).toBeDisabled()
    await user.click(screen.getByRole('button', { name: 'Show what waits now' }))
    expect(screen.queryByText(/Nothing was approved/)).not.toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: /^Approve/ }))
    expect(sent.map((each) => (each.body as { digest: string }).digest[0])).toEqual(['a', 'b'])
  })

  it('says in place why a viewer, or the requester where another must, cannot approve', async () => {
    controller(aStep(), ['viewer'])
    open()
    const approve = await screen.findByRole('button', { name: /^Approve/ })
    expect(await screen.findAllByText('You need the approver role for this.')).not.toHaveLength(0)
    expect(approve).toBeDisabled()
    expect(approve).toHaveAccessibleDescription('You need the approver role for this.')
  })

  it('can no longer be approved when its time is over', async () => {
    controller(aStep({ approval: anApproval({ expires_at: kNow }) }))
    open()
    expect(await screen.findByText('Expired')).toBeInTheDocument()
    await waitFor(() =>
      expect(screen.getByRole('button', { name: /^Approve/ })).toHaveAccessibleDescription(
        'The time to approve this is over.',
      ),
    )
  })
})

describe('ApprovalPage, no longer waiting', () => {
  it.each([
    ['success', 'Approved by dana', 'It ran on 2 hosts and succeeded.'],
    ['error', 'Approved by dana', 'It ran on 2 hosts and failed.'],
    ['skipped', 'Skipped', 'skipped by tom'],
    ['stopped', 'Not approved', /execution has stopped. Rejected by tom: no./],
  ])('says of %s: %s', async (status, headline, next) => {
    const reason = { skipped: 'skipped by tom', stopped: 'rejected by tom: no' }[status] ?? null
    controller(aStep({ status, reason }))
    open()
    await screen.findByRole('link', { name: 'Follow the execution' })
    const outcome = within(screen.getByRole('status'))
    expect(outcome.getByText(headline)).toBeInTheDocument()
    expect(outcome.getByText(next)).toBeInTheDocument()
    expect(screen.queryByRole('button')).not.toBeInTheDocument()
    expect(screen.getByRole('region', { name: 'Command that was asked for' })).toBeInTheDocument()
  })

  it('knows a step that is not there from a controller that does not answer', async () => {
    controller(aStep({ id: 'another' }))
    open()
    expect(await screen.findByText(/There is no such request/)).toBeInTheDocument()
  })

  it('tries again', async () => {
    controller()
    server.use(
      http.get('*/executions/execution-1', () => problem(503, 'unavailable', 'No database.'), { once: true }),
    )
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Retry' }))
    expect(await screen.findByRole('heading', { level: 1 })).toBeInTheDocument()
  })
})

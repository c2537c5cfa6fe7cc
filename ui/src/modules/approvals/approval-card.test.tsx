import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Role, Step } from '@/lib/model'
import { ApprovalCard } from '@/modules/approvals/approval-card'
import { approvalDifference } from '@/modules/approvals/approval-difference'
import { aStep, anApproval, anExecution } from '@/testing/execution'
import { renderPage } from '@/testing/render'
import { aRunbook, anAgent, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const kAccepted = () => HttpResponse.json({ id: 'execution-1', status: 'running' }, { status: 202 })
let sent: { path: string; body: unknown }[] = []
let answer = kAccepted

beforeEach(() => {
  sent = []
  answer = kAccepted
  server.use(
    http.post('*/executions/execution-1/steps/step-1/:action', async ({ request, params }) => {
      sent.push({ path: String(params['action']), body: await request.json() })
      return answer()
    }),
    http.get('*/runbooks/runbook-1/versions/version-1', () =>
      HttpResponse.json(aRunbook({ version: { ...aRunbook().version, created_by: 'person-9' } })),
    ),
    http.post('*/agents/match', () =>
      HttpResponse.json({ items: [anAgent('web-1'), anAgent('web-2', { status: 'offline' })] }),
    ),
  )
})

const roles = (...words: Role[]) =>
  server.use(http.get('*/me', () => HttpResponse.json({ ...me, roles: words })))
const waiting = (more: Parameters<typeof anApproval>[0] = {}): Step =>
  aStep({ status: 'awaiting_approval', host_counts: { queued: 2 }, approval: anApproval(more) })
const open = (step = waiting(), requested_by = 'person-1') =>
  renderPage(<ApprovalCard execution={anExecution({ requested_by })} step={step} number={2} />)
const button = async (name: RegExp) => {
  const found = await screen.findByRole('button', { name })
  await waitFor(() => expect(found).toBeEnabled())
  return found
}

describe('ApprovalCard', () => {
  it('shows what would run, where and as whom, and warns of hosts that are away', async () => {
    open()
    expect(screen.getByRole('heading', { name: /Step 2 wants to run on 2 hosts/ })).toBeInTheDocument()
    expect(screen.getByRole('region', { name: 'Command to approve' })).toHaveTextContent(
      'systemctl restart "$RUNBOOK_VALUE_1"',
    )
    expect(screen.getByText('web-1, web-2')).toBeInTheDocument()
    expect(screen.getByText('nginx; id')).toBeInTheDocument()
    expect(screen.getByText('app')).toBeInTheDocument()
    expect(screen.getByText(/0 of 1 approval/)).toBeInTheDocument()
    expect(await screen.findByText(/web-2 \(offline\): it would count as failed/)).toBeInTheDocument()
  })

  it('names the credentials the command gets, and what of them changed', async () => {
    const uses = (...credentials: { id: string; name: string }[]) => ({
      commands: anApproval().commands.map((command) => ({ ...command, credentials })),
    })
    const before = uses({ id: 'c1', name: 'deploy_key' }, { id: 'c2', name: 'pay_token' })
    open(waiting(before))
    expect(screen.getByText('deploy_key, pay_token')).toBeInTheDocument()
    expect(screen.getByText(/Uses 2 credentials/)).toBeInTheDocument()
    const after = anApproval(uses({ id: 'c3', name: 'deploy_key' }))
    expect(approvalDifference(anApproval(before), after)).toEqual([
      { what: 'Credential deploy_key', before: ['c1'], after: ['c3'] },
      { what: 'Credential pay_token', before: ['c2'], after: [] },
    ])
  })

  it('shows what is masked as it is', () => {
    const commands = anApproval().commands.map((command) => ({
      ...command,
      values: { RUNBOOK_VALUE_1: '******' },
    }))
    open(waiting({ commands }))
    expect(screen.getByText('******')).toBeInTheDocument()
  })

  it('is not for an approver whose role does not cover the runbook or a host', async () => {
    server.use(
      http.get('*/runbooks/runbook-1', () => HttpResponse.json(aRunbook({ labels: { team: 'pay' } }))),
      http.post('*/agents/match', () =>
        HttpResponse.json({
          items: [
            anAgent('web-1', { labels: { env: 'dev' } }),
            anAgent('web-2', { labels: { env: 'prod' } }),
          ],
        }),
      ),
      http.get('*/me', () => HttpResponse.json({ ...me, roles: grants })),
    )
    let grants: unknown[] = [{ role: 'approver', runbooks: 'team=web' }]
    const first = open(waiting(), 'person-7')
    expect((await screen.findAllByText(/covers only runbooks with team=web/)).length).toBeGreaterThan(0)
    expect(screen.getByRole('button', { name: /^Approve and run/ })).toBeDisabled()
    first.unmount()
    grants = [{ role: 'approver', hosts: 'env=dev' }]
    open(waiting(), 'person-7')
    expect((await screen.findAllByText(/covers only hosts with env=dev/)).length).toBeGreaterThan(0)
  })

  it('approves exactly the digest that was shown, with the note, on Enter', async () => {
    const user = userEvent.setup()
    open()
    await button(/^Approve and run/)
    await user.keyboard('{Shift>}A{/Shift}')
    const question = await screen.findByRole('dialog')
    const note = within(question).getByLabelText(/Note/)
    await waitFor(() => expect(note).toHaveFocus())
    await user.keyboard('looked at it{Enter}')
    const body = { digest: 'd'.repeat(64), note: 'looked at it' }
    await waitFor(() => expect(sent).toEqual([{ path: 'approve', body }]))
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument())
  })

  it('names the effect in the button of the question', async () => {
    const user = userEvent.setup()
    open()
    await user.click(await button(/^Approve and run/))
    expect(await screen.findByRole('button', { name: 'Approve and run on 2 hosts' })).toBeEnabled()
    expect(sent).toEqual([])
  })

  it('rejects with a reason only', async () => {
    const user = userEvent.setup()
    open()
    await button(/^Reject/)
    await user.keyboard('{Shift>}R{/Shift}')
    await screen.findByRole('dialog')
    await user.keyboard('{Enter}')
    expect(await screen.findByText('Say why.')).toBeInTheDocument()
    expect(sent).toEqual([])
    await user.keyboard('wrong host{Enter}')
    await waitFor(() => expect(sent).toEqual([{ path: 'reject', body: { reason: 'wrong host' } }]))
  })

  it('shows the difference instead of running when something else waits now', async () => {
    const user = userEvent.setup()
    const now = anApproval({ digest: 'e'.repeat(64) })
    now.commands = now.commands.slice(0, 1).map((each) => ({ ...each, command: 'reboot' }))
    const fresh = anExecution({ steps: [aStep({ status: 'awaiting_approval', approval: now })] })
    server.use(http.get('*/executions/execution-1', () => HttpResponse.json(fresh)))
    answer = () => problem(409, 'conflict', 'The digest is not that of what waits here.') as never
    open()
    await user.click(await button(/^Approve and run/))
    await user.keyboard('{Enter}')
    const alert = await screen.findByText(/what would run is not what you saw/)
    const card = within(alert.closest('[role="alert"]') as HTMLElement)
    expect(card.getByText('reboot')).toBeInTheDocument()
    expect(card.getByText('web-2')).toBeInTheDocument()
    expect(screen.getByRole('button', { name: /^Approve and run/ })).toBeDisabled()
    expect(screen.getByRole('region', { name: 'Command to approve' })).toHaveTextContent('systemctl restart')

    answer = kAccepted
    await user.click(screen.getByRole('button', { name: 'Show what waits now' }))
    expect(screen.getByRole('region', { name: 'Command to approve' })).toHaveTextContent('reboot')
    await user.click(await button(/^Approve and run/))
    await user.keyboard('{Enter}')
    await waitFor(() => expect(sent.at(-1)?.body).toEqual({ digest: 'e'.repeat(64) }))
  })

  it('keeps the question open with the refusal when the same still waits', async () => {
    const user = userEvent.setup()
    const same = anExecution({ steps: [waiting()] })
    server.use(http.get('*/executions/execution-1', () => HttpResponse.json(same)))
    answer = () => problem(409, 'conflict', 'The execution is being stopped.') as never
    open()
    await user.click(await button(/^Approve and run/))
    await user.keyboard('{Enter}')
    expect(await screen.findByText('The execution is being stopped.')).toBeInTheDocument()
    expect(screen.getByRole('dialog')).toBeInTheDocument()
  })

  it('says who is barred, and why', async () => {
    const { unmount } = open(waiting({ other_person: true }))
    expect(
      (await screen.findAllByText('Someone else must approve: you started this execution.')).length,
    ).toBeGreaterThan(0)
    expect(screen.getByRole('button', { name: /^Approve and run/ })).toBeDisabled()
    unmount()
    roles('operator')
    open(waiting(), 'person-2')
    expect((await screen.findAllByText(/somebody else started this/)).length).toBeGreaterThan(0)
  })

  it('wants another person after one has approved', async () => {
    const given = [{ by: 'person-1', by_name: 'mina', at: new Date().toISOString(), note: '' }]
    open(waiting({ required: 2, given }))
    expect((await screen.findAllByText(/Another person must give the next/)).length).toBeGreaterThan(0)
    expect(screen.getByText(/1 of 2 approvals, mina approved just now/)).toBeInTheDocument()
  })

  it('offers nothing when the time is over', async () => {
    open(waiting({ expires_at: '2026-11-21T12:00:00Z' }))
    expect(await screen.findByText('Expired')).toBeInTheDocument()
    expect((await screen.findAllByText('The time to approve this is over.')).length).toBeGreaterThan(0)
    expect(screen.getByRole('button', { name: /^Approve and run/ })).toBeDisabled()
  })
})

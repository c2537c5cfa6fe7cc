import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { ApprovalPanel } from '@/features/executions/approval-panel'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { StepControls } from '@/features/executions/step-controls'
import type { Role, Step } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { kNow, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const digest = 'd'.repeat(64)
const command = {
  agent_id: 'agent-1',
  command: 'systemctl restart "$RUNBOOK_VALUE_1"',
  values: { RUNBOOK_VALUE_1: 'nginx; id' },
  environment: {},
  run_as: 'app',
  working_directory: null,
}
const step = {
  id: 'step-1',
  block_id: 'block-1',
  name: 'Restart',
  type: 'command',
  attempt: 1,
  status: 'awaiting_approval',
  approval: {
    digest,
    required: 2,
    other_person: false,
    expires_at: kNow,
    given: [],
    commands: [
      { ...command, host: 'web-1' },
      { ...command, host: 'web-2' },
    ],
  },
} as unknown as Step
const run = (requested_by: string, status = 'awaiting_approval') =>
  ({ id: 'execution-1', requested_by, status, stop: null }) as unknown as ExecutionFacts

let sent: { path: string; body: unknown }[] = []
function controller(
  answer = () => HttpResponse.json({ id: 'execution-1', status: 'running' }, { status: 202 }),
) {
  sent = []
  server.use(
    http.post('*/executions/execution-1/steps/step-1/:action', async ({ request, params }) => {
      sent.push({ path: String(params['action']), body: await request.json() })
      return answer()
    }),
  )
}
const roles = (...words: Role[]) =>
  server.use(http.get('*/me', () => HttpResponse.json({ ...me, roles: words })))
const open = (execution: ExecutionFacts) =>
  renderPage(<ApprovalPanel execution={execution} step={step} number={2} />)

describe('ApprovalPanel', () => {
  it('shows what will run and where, and approves exactly that', async () => {
    controller()
    const user = userEvent.setup()
    open(run('person-1'))
    expect(screen.getByText('On web-1, web-2, as app:')).toBeInTheDocument()
    expect(screen.getByRole('region', { name: 'Command to approve' })).toHaveTextContent(command.command)
    expect(screen.getByText('nginx; id')).toBeInTheDocument()
    expect(screen.getByText(/0 of 2 approvals/)).toBeInTheDocument()
    await user.type(screen.getByLabelText(/Note/), 'looked at it')
    const approve = await screen.findByRole('button', { name: 'Approve' })
    await waitFor(() => expect(approve).toBeEnabled())
    await user.click(approve)
    await waitFor(() => expect(sent).toEqual([{ path: 'approve', body: { digest, note: 'looked at it' } }]))
  })

  it('rejects with a reason only', async () => {
    controller()
    const user = userEvent.setup()
    open(run('person-1'))
    const reject = await screen.findByRole('button', { name: 'Reject' })
    await waitFor(() => expect(screen.getByRole('button', { name: 'Approve' })).toBeEnabled())
    expect(reject).toBeDisabled()
    await user.type(screen.getByLabelText(/Note/), 'wrong host')
    await user.click(reject)
    await waitFor(() => expect(sent).toEqual([{ path: 'reject', body: { reason: 'wrong host' } }]))
  })

  it('says why somebody may not', async () => {
    roles('operator')
    open(run('person-2'))
    expect((await screen.findAllByText(/somebody else started this/)).length).toBeGreaterThan(0)
    expect(screen.getByRole('button', { name: 'Approve' })).toBeDisabled()
  })

  it('tells when the command is not the one that was shown', async () => {
    controller(() => problem(409, 'conflict', 'The command changed meanwhile.'))
    roles('approver')
    const user = userEvent.setup()
    open(run('person-2'))
    const approve = await screen.findByRole('button', { name: 'Approve' })
    await waitFor(() => expect(approve).toBeEnabled())
    await user.click(approve)
    expect(await screen.findByText(/The command changed meanwhile/)).toBeInTheDocument()
  })
})

describe('StepControls', () => {
  const show = (status: Step['status'], execution: ExecutionFacts, others: Step[] = []) => {
    const one = { ...step, status, approval: null } as Step
    return renderPage(<StepControls execution={execution} step={one} steps={[one, ...others]} />)
  }

  it('retries the newest attempt of a failed step', async () => {
    controller()
    const user = userEvent.setup()
    show('error', run('person-1', 'failed'))
    const retry = await screen.findByRole('button', { name: 'Retry' })
    await waitFor(() => expect(retry).toBeEnabled())
    await user.click(retry)
    await waitFor(() => expect(sent).toEqual([{ path: 'retry', body: {} }]))
  })

  it('offers nothing for an older attempt, or for what goes on', () => {
    show('error', run('person-1', 'failed'), [{ ...step, id: 'step-2', attempt: 2 }])
    show('error', run('person-1', 'running'))
    show('running', run('person-1', 'running'))
    expect(screen.queryByRole('button')).not.toBeInTheDocument()
  })

  it('skips what waits', async () => {
    controller()
    const user = userEvent.setup()
    show('pending', run('person-1', 'running'))
    const skip = await screen.findByRole('button', { name: 'Skip this step' })
    await waitFor(() => expect(skip).toBeEnabled())
    await user.click(skip)
    await waitFor(() => expect(sent).toEqual([{ path: 'skip', body: {} }]))
  })
})

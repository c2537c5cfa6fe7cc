// The states of the execution's pages: loading, empty, gone, failed, not allowed, and what each step shows.
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { ExecutionPage } from '@/features/executions/execution-page'
import { ExecutionsPage } from '@/features/executions/executions-page'
import { ReportPage } from '@/features/executions/report-page'
import type { Execution, Role } from '@/lib/model'
import { aStep, anExecution } from '@/testing/execution'
import { renderPage } from '@/testing/render'
import { aRunbook, kNow, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

let sent: { path: string; body: unknown }[] = []
beforeEach(() => {
  sent = []
  window.localStorage.clear()
  server.use(
    http.get('*/runbooks', () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get('*/runbooks/runbook-1/versions/version-1', () => HttpResponse.json(aRunbook())),
    http.get('*/steps/:step/hosts', () => HttpResponse.json({ items: [], next_cursor: null })),
    http.post('*/executions/execution-1/*', async ({ request }) => {
      sent.push({ path: new URL(request.url).pathname, body: await request.json() })
      return HttpResponse.json({ id: 'execution-1', status: 'running' }, { status: 202 })
    }),
  )
})

const is = (execution: Execution) =>
  server.use(http.get('*/executions/execution-1', () => HttpResponse.json(execution)))
const roles = (...words: Role[]) =>
  server.use(http.get('*/me', () => HttpResponse.json({ ...me, roles: words })))
const openOne = () =>
  renderPage(<ExecutionPage />, { path: '/executions/:id', at: '/executions/execution-1' })
const waits = { type: 'instruction' as const, status: 'awaiting_input' as const, host_counts: {} }

describe('ExecutionPage', () => {
  it('says when there is no such execution', async () => {
    server.use(http.get('*/executions/execution-1', () => problem(404, 'not_found', 'No such execution.')))
    openOne()
    expect(await screen.findByText(/There is no such execution/)).toBeInTheDocument()
    expect(screen.getByRole('link', { name: 'Go to the executions' })).toBeInTheDocument()
  })

  it('says what failed, and tries again', async () => {
    server.use(http.get('*/executions/execution-1', () => problem(500, 'internal', 'Broken.')))
    openOne()
    expect(await screen.findByText('This execution could not be loaded.')).toBeInTheDocument()
    is(anExecution({ steps: [aStep(waits)] }))
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
    expect(await screen.findByRole('heading', { name: 'Restart web' })).toBeInTheDocument()
  })

  it('links an incident that is an address', async () => {
    is(anExecution({ reason: 'https://tracker.example/browse/INC-2291', steps: [aStep(waits)] }))
    openOne()
    const link = await screen.findByRole('link', { name: 'INC-2291' })
    expect(link).toHaveAttribute('href', 'https://tracker.example/browse/INC-2291')
    expect(link).toHaveAttribute('rel', 'noopener noreferrer')
  })

  it('disables what the person may not do, and says why', async () => {
    roles('viewer')
    is(anExecution({ steps: [aStep(waits)] }))
    openOne()
    const stop = await screen.findByRole('button', { name: 'Stop' })
    await waitFor(() => expect(stop).toHaveAccessibleDescription('You need the operator role for this.'))
    expect(stop).toBeDisabled()
    expect(screen.getByRole('button', { name: 'Done, go on' })).toBeDisabled()
  })

  it('pauses with P and waits for the controller', async () => {
    is(anExecution({ steps: [aStep(waits)] }))
    const user = userEvent.setup()
    openOne()
    const pause = await screen.findByRole('button', { name: /^Pause/ })
    await waitFor(() => expect(pause).toBeEnabled())
    await user.keyboard('p')
    await waitFor(() => expect(sent[0]?.body).toEqual({ action: 'pause' }))
  })

  it('resumes with the button only: P does not undo the pause of somebody else', async () => {
    is(anExecution({ status: 'paused', steps: [aStep(waits)] }))
    const user = userEvent.setup()
    openOne()
    const resume = await screen.findByRole('button', { name: 'Resume' })
    await waitFor(() => expect(resume).toBeEnabled())
    await user.keyboard('p')
    expect(resume).toBeEnabled()
    await user.click(resume)
    await waitFor(() => expect(sent.map((each) => each.body)).toEqual([{ action: 'resume' }]))
  })

  it('names the step that is skipped, and asks once more', async () => {
    const timer = aStep({ type: 'timer', name: 'Settle', order: 2, host_counts: {} })
    is(anExecution({ steps: [timer] }))
    const user = userEvent.setup()
    openOne()
    const skip = await screen.findByRole('button', { name: 'Skip step 3: Settle' })
    await waitFor(() => expect(skip).toBeEnabled())
    await user.click(skip)
    const dialog = await screen.findByRole('dialog', { name: 'Skip step 3: Settle?' })
    expect(sent).toEqual([])
    await user.type(within(dialog).getByLabelText(/^Reason/), 'settled')
    await user.click(within(dialog).getByRole('button', { name: 'Skip this step' }))
    await waitFor(() => expect(sent.map((each) => each.body)).toEqual([{ reason: 'settled' }]))
    expect(sent[0]?.path).toMatch(/\/steps\/step-1\/skip$/)
  })

  it('names the step that is retried', async () => {
    const failed = aStep({ type: 'api', name: 'Notify', status: 'error', host_counts: {} })
    is(anExecution({ status: 'failed', end_time: kNow, steps: [failed] }))
    const user = userEvent.setup()
    openOne()
    const retry = await screen.findByRole('button', { name: 'Retry step 1: Notify' })
    await waitFor(() => expect(retry).toBeEnabled())
    await user.click(retry)
    await waitFor(() => expect(sent[0]?.path).toMatch(/\/steps\/step-1\/retry$/))
  })

  it('keeps the boxes of an instruction ticked over a reload', async () => {
    is(anExecution({ steps: [aStep({ ...waits, text: '- [ ] Look\n- [x] Told' })] }))
    const user = userEvent.setup()
    const first = openOne()
    const box = await screen.findByRole('checkbox', { name: 'Look' })
    await user.click(box)
    expect(box).toBeChecked()
    first.unmount()
    openOne()
    expect(await screen.findByRole('checkbox', { name: 'Look' })).toBeChecked()
    expect(screen.getByRole('checkbox', { name: 'Told' })).toBeDisabled()
  })

  it('keeps the words of a problem, and stops without starting anything between', async () => {
    is(anExecution({ steps: [aStep(waits)] }))
    const user = userEvent.setup()
    openOne()
    const button = await screen.findByRole('button', { name: 'Problem' })
    await waitFor(() => expect(button).toBeEnabled())
    await user.click(button)
    const dialog = await screen.findByRole('dialog')
    await user.type(within(dialog).getByLabelText('What is the problem?'), 'no access')
    await user.click(within(dialog).getByRole('button', { name: 'Stop the execution' }))
    await waitFor(() =>
      expect(sent.map((each) => each.body)).toEqual([
        { action: 'pause' },
        { reason: 'Problem: no access' },
        { action: 'stop' },
      ]),
    )
  })

  it('restarts from the step that failed, with the same values, once it is over', async () => {
    const steps = [
      aStep({ ...waits, status: 'success' }),
      aStep({ ...waits, id: 's2', block_id: 'b2', slug: 'two', order: 1, status: 'error' }),
    ]
    is(anExecution({ status: 'failed', end_time: kNow, parameters: { path: '/srv' }, steps }))
    let started: unknown
    server.use(
      http.post('*/runbooks/runbook-1/execute', async ({ request }) => {
        started = await request.json()
        return HttpResponse.json({ id: 'execution-2', status: 'pending' }, { status: 202 })
      }),
      http.get('*/executions/execution-2', () =>
        HttpResponse.json(anExecution({ id: 'execution-2', steps: [aStep(waits)] })),
      ),
    )
    const user = userEvent.setup()
    openOne()
    const button = await screen.findByRole('button', { name: 'Restart from step 2' })
    await waitFor(() => expect(button).toBeEnabled())
    await user.click(button)
    const dialog = await screen.findByRole('dialog')
    await user.click(within(dialog).getByRole('button', { name: 'Restart from step 2' }))
    await waitFor(() =>
      expect(started).toEqual({
        version_id: 'version-1',
        parameters: { path: '/srv' },
        approval: 'each',
        targets: { selector: 'role=web' },
        steps: { from: 'two' },
      }),
    )
  })

  it('asks again for the secret values of a run that is repeated', async () => {
    const steps = [aStep({ ...waits, status: 'error' })]
    const parameters = { path: '/srv', token: '••••••••' }
    is(anExecution({ status: 'failed', end_time: kNow, parameters, targets: null, steps }))
    let started: { parameters?: unknown } | undefined
    const asked = [...aRunbook().parameters, { name: 'token', type: 'string' as const, secret: true }]
    server.use(
      http.get('*/runbooks/runbook-1/versions/version-1', () =>
        HttpResponse.json(aRunbook({ parameters: asked })),
      ),
      http.post('*/runbooks/runbook-1/execute', async ({ request }) => {
        started = (await request.json()) as typeof started
        return HttpResponse.json({ id: 'execution-2', status: 'pending' }, { status: 202 })
      }),
      http.get('*/executions/execution-2', () =>
        HttpResponse.json(anExecution({ id: 'execution-2', steps: [aStep(waits)] })),
      ),
    )
    const user = userEvent.setup()
    openOne()
    const button = await screen.findByRole('button', { name: 'Run again' })
    await waitFor(() => expect(button).toBeEnabled())
    await user.click(button)
    const dialog = await screen.findByRole('dialog')
    const run = await within(dialog).findByRole('button', { name: 'Run again' })
    const token = await within(dialog).findByLabelText('token')
    expect(within(dialog).queryByLabelText('path')).not.toBeInTheDocument()
    await user.click(run)
    expect(token).toHaveAccessibleDescription(/A value is needed/)
    expect(started).toBeUndefined()
    await user.type(token, 'hunter2hunter2')
    await user.click(run)
    await waitFor(() => expect(started?.parameters).toEqual({ path: '/srv', token: 'hunter2hunter2' }))
  })

  it('shows the tries and the answer of a request, letter by letter', async () => {
    const tries = [
      { at: kNow, end: '2026-11-21T12:00:01Z', http_status: 503, error: 'not expected', next_try_at: null },
      {
        at: '2026-11-21T12:00:02Z',
        end: '2026-11-21T12:00:02.5Z',
        http_status: 200,
        error: null,
        next_try_at: null,
      },
    ]
    const step = aStep({
      type: 'api',
      status: 'success',
      tries,
      http_status: 200,
      headers: { server: 'nginx' },
      output_bytes: 30,
      host_counts: {},
    })
    is(anExecution({ status: 'completed', end_time: kNow, steps: [step] }))
    server.use(http.get('*/steps/step-1/output', () => HttpResponse.text('{"id":12345678901234567890}')))
    openOne()
    const table = await screen.findByRole('table', { name: 'Tries' })
    expect(within(table).getByText('status 503, not expected')).toBeInTheDocument()
    expect(within(table).getByText('500 ms')).toBeInTheDocument()
    expect(await screen.findByRole('region', { name: 'Body of the answer' })).toHaveTextContent(
      '{ "id": 12345678901234567890 }',
    )
  })
})

const openList = (at = '/executions') => renderPage(<ExecutionsPage />, { path: '/executions', at })

describe('ExecutionsPage', () => {
  it('tells nothing yet from nothing that matches', async () => {
    server.use(http.get('*/executions', () => HttpResponse.json({ items: [], next_cursor: null })))
    const { unmount } = openList()
    expect(await screen.findByText(/Nothing has run yet/)).toBeInTheDocument()
    unmount()
    openList('/executions?q=nothing')
    expect(await screen.findByText('No execution matches the filters.')).toBeInTheDocument()
    await userEvent.click(screen.getByRole('button', { name: 'Clear the filters' }))
    expect(await screen.findByText(/Nothing has run yet/)).toBeInTheDocument()
  })

  it('asks the controller for what the filters say', async () => {
    const asked: string[] = []
    server.use(
      http.get('*/executions', ({ request }) => {
        asked.push(new URL(request.url).search)
        return HttpResponse.json({ items: [anExecution({ status: 'completed' })], next_cursor: null })
      }),
    )
    openList()
    await screen.findByRole('link', { name: 'Restart web' })
    await userEvent.click(screen.getByRole('button', { name: 'Failed' }))
    await userEvent.click(screen.getByRole('radio', { name: 'Started by me' }))
    await waitFor(() => expect(asked.at(-1)).toContain('status=failed&requested_by=me'))
  })

  it('says when the list cannot be loaded', async () => {
    server.use(http.get('*/executions', () => problem(500, 'internal', 'Broken.')))
    openList()
    expect(await screen.findByText('The executions could not be loaded.')).toBeInTheDocument()
  })
})

describe('ReportPage', () => {
  it('records an execution that is over', async () => {
    const step = aStep({ ...waits, status: 'success', completed_by_name: 'dana', note: 'all green' })
    is(anExecution({ status: 'completed', end_time: kNow, steps: [step] }))
    renderPage(<ReportPage />, { path: '/executions/:id/report', at: '/executions/execution-1/report' })
    expect(await screen.findByRole('heading', { name: '1. Restart' })).toBeInTheDocument()
    expect(screen.getByText('dana')).toBeInTheDocument()
    expect(screen.getByText('all green')).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Print' })).toBeInTheDocument()
  })
})

import { screen, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { HomePage } from '@/features/home/home-page'
import type { ExecutionSummary, Role } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { aRunbook, anAgent, kNow, me, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const aRun = (title: string, status: ExecutionSummary['status'], more: object = {}) => ({
  id: `execution-${title}`,
  runbook_id: 'runbook-1',
  version_id: 'version-1',
  version_number: 3,
  title,
  status,
  created_at: kNow,
  start_time: kNow,
  end_time: null,
  parameters: {},
  targets: null,
  approval: 'each',
  requested_by: 'person-2',
  requested_by_name: 'tom',
  reason: 'INC-7',
  stop: null,
  progress: { step: 2, of: 5 },
  host_counts: { total: 4, success: 2, failed: 1 },
  ...more,
})

const anApproval = (name: string, mayApprove: boolean) => ({
  execution_id: 'execution-1',
  step_id: `step-${name}`,
  runbook_id: 'runbook-1',
  version_id: 'version-1',
  version_number: 3,
  title: 'Restart',
  status: 'awaiting_approval',
  slug: 'restart',
  name,
  attempt: 1,
  requested_by: 'person-2',
  requested_by_name: 'tom',
  reason: null,
  approval: { digest: 'd', required: 2, other_person: false, given: [], expires_at: kNow, commands: [] },
  may_approve: mayApprove,
  created_at: kNow,
})

interface World {
  runs?: ReturnType<typeof aRun>[]
  approvals?: unknown[]
  runbooks?: unknown[]
  counts?: object
}

let asked: URLSearchParams[] = []

function controller({ runs = [], approvals = [], runbooks = [], counts = {} }: World) {
  asked = []
  const page = (items: unknown[]) => HttpResponse.json({ items, next_cursor: null })
  server.use(
    http.get('*/executions', ({ request }) => {
      const query = new URL(request.url).searchParams
      asked.push(query)
      const states = query.get('status')?.split(',')
      return page(runs.filter((run) => !states || states.includes(run.status)))
    }),
    http.get('*/approvals', () => page(approvals)),
    http.get('*/runbooks', () => page(runbooks)),
    http.get('*/agents/counts', () =>
      HttpResponse.json({ online: 2, offline: 0, draining: 0, revoked: 0, outdated: 0, ...counts }),
    ),
    http.get('*/agents', ({ request }) => {
      const query = new URL(request.url).searchParams
      if (query.get('status') === 'offline') return page([anAgent('pay-41', { status: 'offline' })])
      return page(query.get('outdated') ? [anAgent('old-1', { version: '0.0.9' })] : [])
    }),
  )
}

const as = (...roles: Role[]) => server.use(http.get('*/me', () => HttpResponse.json({ ...me, roles })))
const section = async (name: string) => within(await screen.findByRole('region', { name }))

describe('HomePage', () => {
  it('shows what needs me, what runs, what failed, and which agents are unwell', async () => {
    controller({
      runs: [
        aRun('Deploy', 'running'),
        aRun('Look', 'awaiting_input'),
        aRun('Held', 'paused'),
        aRun('Broken', 'failed', { end_time: kNow }),
      ],
      approvals: [anApproval('Mine', true), anApproval('Not mine', false)],
      counts: { offline: 1, outdated: 7 },
    })
    renderPage(<HomePage />)
    const needs = await section('Needs you')
    expect(await needs.findByRole('link', { name: /To approve: Mine/ })).toHaveAttribute(
      'href',
      '/approvals/execution-1/step-Mine',
    )
    expect(needs.queryByText('Not mine')).not.toBeInTheDocument()
    expect(needs.getByRole('link', { name: /Look.*Waiting for confirmation$/ })).toBeInTheDocument()
    expect(needs.getByRole('link', { name: /Held.*Paused$/ })).toBeInTheDocument()
    expect(needs.queryByText('Deploy')).not.toBeInTheDocument()

    const running = await section('Running now')
    const row = running.getByRole('link', { name: /^Running: Deploy/ })
    expect(row).toHaveAttribute('href', '/executions/execution-Deploy')
    expect(row).toHaveTextContent('step 2 of 5')
    expect(row).toHaveTextContent('2 of 4 hosts done, 1 failed')
    expect(running.getAllByRole('link')).toHaveLength(1)

    const failed = await section('Failed in 24 h')
    expect(failed.getByRole('link', { name: /^Failed: Broken/ })).toHaveTextContent('1 of 4 hosts failed')
    const since = asked.find((query) => query.get('status') === 'failed')?.get('since') ?? ''
    expect(Date.now() - Date.parse(since)).toBeGreaterThanOrEqual(24 * 3_600_000)
    expect(Date.now() - Date.parse(since)).toBeLessThan(24 * 3_600_000 + 60_000)

    const agents = await section('Agents')
    expect(agents.getByText('1 offline')).toBeInTheDocument()
    expect(await agents.findByRole('link', { name: /pay-41/ })).toHaveAttribute('href', '/hosts/agent-pay-41')
    expect(agents.getByText('7 outdated, not 0.1.0')).toBeInTheDocument()
    expect(await agents.findByText('old-1')).toBeInTheDocument()
    expect(agents.getByText('and 6 more')).toBeInTheDocument()
  })

  it('says that all is quiet', async () => {
    controller({ runs: [aRun('Done', 'completed')] })
    renderPage(<HomePage />)
    expect(await screen.findByText('Nothing waits for you.')).toBeInTheDocument()
    expect(await screen.findByText('Nothing runs.')).toBeInTheDocument()
    expect(await screen.findByText('Nothing failed.')).toBeInTheDocument()
    expect(await screen.findByText('None is offline or outdated.')).toBeInTheDocument()
  })

  it('needs a viewer nowhere', async () => {
    as('viewer')
    controller({ runs: [aRun('Held', 'paused')] })
    renderPage(<HomePage />)
    const needs = await section('Needs you')
    expect(await needs.findByText('Nothing waits for you.')).toBeInTheDocument()
  })

  it('leads to the first run: what is there is ticked, a sample can be run', async () => {
    controller({ runbooks: [aRunbook()] })
    renderPage(<HomePage />)
    expect(await screen.findByText('2 hosts online')).toBeInTheDocument()
    expect(screen.getByText('1 runbook there')).toBeInTheDocument()
    expect(screen.getByRole('link', { name: 'Run Disk space triage' })).toHaveAttribute(
      'href',
      '/runbooks/runbook-1?run',
    )
    expect(screen.getByText('You need the admin role for this.')).toBeInTheDocument()
    expect(screen.queryByRole('region', { name: 'Running now' })).not.toBeInTheDocument()
  })

  it('begins with enrolling where there is no host', async () => {
    as('admin')
    controller({ counts: { online: 0 } })
    renderPage(<HomePage />)
    expect(await screen.findByRole('link', { name: 'Enrol a host' })).toHaveAttribute('href', '/hosts/enrol')
    expect(screen.getByRole('link', { name: 'Write a runbook' })).toHaveAttribute('href', '/runbooks/new')
    expect(screen.queryByRole('list', { name: 'Runbooks to begin with' })).not.toBeInTheDocument()
  })

  it('keeps the rest of the page when one part fails', async () => {
    controller({ runs: [aRun('Deploy', 'running')] })
    server.use(
      http.get('*/agents/counts', () => problem(503, 'unavailable', 'The database does not answer.')),
    )
    renderPage(<HomePage />)
    expect(await screen.findByText('The agents could not be counted.')).toBeInTheDocument()
    expect(await screen.findByRole('link', { name: /^Running: Deploy/ })).toBeInTheDocument()
  })
})

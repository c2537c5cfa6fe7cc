import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { ExecutionPage } from '@/features/executions/execution-page'
import { hostDescription, refusalOf } from '@/features/executions/host-words'
import { refusedGroups } from '@/features/executions/refusals'
import { live } from '@/lib/live'
import type { StepHost } from '@/lib/model'
import { aStep, aStepHost, anExecution } from '@/testing/execution'
import { renderPage } from '@/testing/render'
import { aRunbook, kNow, server } from '@/testing/server'

const kWhy = 'The policy of this host (/etc/runbook-agent/agent.yaml) is read-only: no command runs here.'
const refused = (host: string, reason = `policy: ${kWhy}`): StepHost =>
  aStepHost(host, { status: 'not_started', reason, start_time: null, end_time: kNow })

describe('refusalOf', () => {
  it.each([
    ['policy: x', 'policy', 'x'],
    ['bad_signature: a: b', 'bad_signature', 'a: b'],
    ['bad_digest', 'bad_digest', ''],
    ['replayed: two\nlines', 'replayed', 'two\nlines'],
    ['expired', 'expired', ''],
  ])('reads %j', (reason, code, why) => {
    expect(refusalOf(refused('a', reason))).toMatchObject({ code, why })
  })

  it.each([['unknown_user: no such user'], ['the execution was stopped'], ['toString: x'], ['Policy: x']])(
    'does not take %j for one',
    (reason) => expect(refusalOf(refused('a', reason))).toBeUndefined(),
  )

  it('is of hosts that did not begin only', () => {
    expect(refusalOf(aStepHost('a', { status: 'error', reason: 'policy: x' }))).toBeUndefined()
    expect(hostDescription(refused('web-1'))).toBe(
      `web-1, Refused by the host, The host’s own policy forbids it: ${kWhy}`,
    )
  })

  it('gathers hosts with the same reason', () => {
    const groups = refusedGroups([refused('a', 'expired'), refused('b'), refused('c'), aStepHost('d')])
    expect(groups.map((group) => group.hosts)).toEqual([['b', 'c'], ['a']])
  })
})

describe('a step that hosts refused', () => {
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
  beforeEach(() => {
    // Without live updates the page reads the hosts itself.
    const connection = { phase: 'lost' as const, lostAt: 1, retryAt: undefined, restored: 0 }
    vi.spyOn(live, 'connection').mockReturnValue(connection)
    const hosts = [refused('web-1'), refused('web-2')]
    const step = aStep({ status: 'error', host_counts: { not_started: 2 }, end_time: kNow })
    server.use(
      http.get('*/executions/execution-1', () =>
        HttpResponse.json(anExecution({ status: 'failed', end_time: kNow, steps: [step] })),
      ),
      http.get('*/runbooks/runbook-1/versions/version-1', () => HttpResponse.json(aRunbook())),
      http.get('*/steps/step-1/hosts', () => HttpResponse.json({ items: hosts, next_cursor: null })),
      http.get(/\/output/, () => new HttpResponse('')),
    )
  })
  afterEach(() => {
    server.resetHandlers()
    vi.restoreAllMocks()
  })
  afterAll(() => server.close())

  it('says who refused and why, and shows no output of theirs', async () => {
    renderPage(<ExecutionPage />, { path: '/executions/:id', at: '/executions/execution-1' })
    const list = await screen.findByRole('list', { name: 'Refused by hosts' })
    expect(list).toHaveTextContent(
      `Refused by 2 hosts: The host’s own policy forbids it. ${kWhy} web-1, web-2`,
    )
    const cell = await screen.findByRole('gridcell', { name: /web-1, Refused by the host/ })
    await userEvent.click(cell)
    expect(await screen.findByText(/Nothing ran on this host/)).toBeInTheDocument()
    expect(screen.queryByRole('log')).not.toBeInTheDocument()
  })
})

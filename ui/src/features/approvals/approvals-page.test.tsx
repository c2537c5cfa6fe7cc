import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { ApprovalsPage } from '@/features/approvals/approvals-page'
import { firstLine, hostsText, waitingSince } from '@/features/approvals/approval-words'
import { renderPage } from '@/testing/render'
import { aRunbook, kNow, problem, server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const kLater = new Date(Date.now() + 600_000).toISOString()
const commands = (count: number, command = 'systemctl restart api\nsleep 5') =>
  Array.from({ length: count }, (_, index) => ({ host: `web-${index}`, agent_id: `a-${index}`, command }))

const anItem = (name: string, more: object = {}) => ({
  execution_id: `execution-${name}`,
  step_id: `step-${name}`,
  runbook_id: 'runbook-1',
  version_id: 'version-1',
  version_number: 3,
  title: 'Restart payment API',
  status: 'awaiting_approval',
  slug: 'largest_folders',
  name,
  attempt: 1,
  requested_by: 'person-2',
  requested_by_name: 'tom',
  reason: 'INC-7',
  approval: {
    digest: 'd',
    required: 2,
    other_person: false,
    given: [],
    expires_at: kLater,
    commands: commands(3),
  },
  may_approve: true,
  created_at: kNow,
  ...more,
})

let sent = 0
function controller(waiting: unknown[], decided: unknown[] = []) {
  sent = 0
  server.use(
    http.get('*/approvals', ({ request }) => {
      const state = new URL(request.url).searchParams.get('state')
      return HttpResponse.json({ items: state === 'decided' ? decided : waiting, next_cursor: null })
    }),
    http.get('*/runbooks/runbook-1/versions/version-1', () => HttpResponse.json(aRunbook())),
    http.post('*', () => {
      sent += 1
      return new HttpResponse(null, { status: 202 })
    }),
  )
}

const open = (at = '/') =>
  renderPage(<ApprovalsPage />, { at, others: { '/approvals/:execution/:step': <p>the request</p> } })

describe('ApprovalsPage', () => {
  it('shows what waits for me: what, where, command, who, since, until, how many', async () => {
    controller([anItem('Restart'), anItem('Not mine', { may_approve: false })])
    open()
    const card = within(await screen.findByRole('link', { name: /Restart/ }))
    expect(card.getByText('3 hosts')).toBeInTheDocument()
    expect(card.getByText('systemctl restart api …')).toBeInTheDocument()
    expect(card.getByText('tom')).toBeInTheDocument()
    expect(card.getByText('0 of 2 approvals')).toBeInTheDocument()
    expect(card.getByText(/^Expires in (9|10):/)).toBeInTheDocument()
    expect(await card.findByText('50 min ago')).toBeInTheDocument()
    expect(screen.queryByText('Not mine')).not.toBeInTheDocument()
    expect(screen.getByRole('tab', { name: /For me\s*1/ })).toHaveAttribute('aria-selected', 'true')
    await userEvent.click(screen.getByRole('tab', { name: /All waiting\s*2/ }))
    expect(await screen.findByText('Not mine')).toBeInTheDocument()
  })

  it('opens by a, moves by j and k, and never approves', async () => {
    controller([anItem('First'), anItem('Second')])
    const user = userEvent.setup()
    open()
    await screen.findByRole('link', { name: /First/ })
    await user.keyboard('jj')
    expect(screen.getByRole('link', { name: /Second/ })).toHaveFocus()
    await user.keyboard('k')
    expect(screen.getByRole('link', { name: /First/ })).toHaveFocus()
    await user.keyboard('a')
    expect(await screen.findByText('the request')).toBeInTheDocument()
    expect(sent).toBe(0)
  })

  it('tells what was decided, by whom and with which note', async () => {
    const decided = { decision: 'rejected', decided_at: kNow, decided_by_name: 'dana', note: 'too risky' }
    controller([], [anItem('Old', decided), anItem('Late', { decision: 'expired', decided_at: kNow })])
    open('/?tab=decided')
    expect(await screen.findByText('Rejected by dana')).toBeInTheDocument()
    expect(screen.getByText('“too risky”')).toBeInTheDocument()
    expect(screen.getByText('Expired')).toBeInTheDocument()
  })

  it.each([
    ['/', 'Nothing waits for you.'],
    ['/?tab=waiting', 'No command waits for approval.'],
    ['/?tab=decided', 'Nothing was decided yet.'],
  ])('has words for an empty list at %s', async (at, words) => {
    controller([])
    open(at)
    expect(await screen.findByText(words)).toBeInTheDocument()
  })

  it('shows what failed and tries again', async () => {
    server.use(http.get('*/approvals', () => problem(503, 'unavailable', 'No database.')))
    open()
    const retry = await screen.findByRole('button', { name: 'Retry' })
    controller([anItem('Restart')])
    await userEvent.click(retry)
    expect(await screen.findByRole('link', { name: /Restart/ })).toBeInTheDocument()
  })
})

describe('words of a request', () => {
  it('does not claim to know more hosts than are named', () => {
    const approval = (count: number) => ({ approval: { commands: commands(count) } }) as never
    expect(hostsText(approval(1))).toBe('1 host')
    expect(hostsText(approval(199))).toBe('199 hosts')
    expect(hostsText(approval(200))).toBe('200 or more hosts')
    expect(firstLine({ approval: { commands: commands(1, 'true') } } as never)).toBe('true')
    expect(firstLine({ approval: null })).toBe('')
  })

  it('counts the wait back from its end', () => {
    expect(waitingSince('2026-11-21T13:00:00Z')).toBe('2026-11-21T12:00:00.000Z')
    expect(waitingSince('2026-11-21T13:00:00Z', 60)).toBe('2026-11-21T12:59:00.000Z')
  })
})

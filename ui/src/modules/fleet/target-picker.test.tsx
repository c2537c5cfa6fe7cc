import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { useState } from 'react'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Targets } from '@/lib/model'
import { TargetPicker } from '@/modules/fleet/target-picker'
import { renderPage } from '@/testing/render'
import { anAgent, problem, server } from '@/testing/server'

// A busy machine types slowly.
vi.setConfig({ testTimeout: 20_000 })

const fleet = Array.from({ length: 20 }, (_, index) =>
  anAgent(`pay-${String(index + 1).padStart(2, '0')}`, index === 11 ? { status: 'offline' } : {}),
)
let asked: Targets[] = []
let value: Targets = {}

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
beforeEach(() => {
  asked = []
  value = {}
  server.use(
    http.get('*/labels', () =>
      HttpResponse.json({
        items: [
          {
            key: 'env',
            count: 20,
            values: [
              { value: 'prod', count: 12 },
              { value: 'dev', count: 8 },
            ],
          },
          { key: 'role', count: 12, values: [{ value: 'payment', count: 12 }] },
        ],
        next_cursor: null,
      }),
    ),
    http.get('*/agents', ({ request }) => {
      const name = new URL(request.url).searchParams.get('name') ?? ''
      return HttpResponse.json({ items: fleet.filter((each) => each.host.includes(name)), next_cursor: null })
    }),
    http.post('*/agents/match', async ({ request }) => {
      const targets = (await request.json()) as Targets
      asked.push(targets)
      const items = fleet.slice(0, targets.selector?.includes('payment') ? 12 : targets.selector ? 0 : 1)
      const online = items.filter((each) => each.status === 'online').length
      return HttpResponse.json({ items, matched: items.length, online })
    }),
  )
})
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

function Held({ first }: { first: Targets }) {
  const [targets, setTargets] = useState(first)
  const change = (next: Targets) => {
    value = next
    setTargets(next)
  }
  return <TargetPicker value={targets} onChange={change} />
}

const open = (first: Targets = {}) => renderPage(<Held first={first} />)
const labelField = () => screen.getByLabelText('Label selector')

describe('TargetPicker', () => {
  it('completes a key, then its value, with counts, by keyboard', async () => {
    const user = userEvent.setup()
    open()
    await user.type(labelField(), 'ro')
    expect(await screen.findByRole('option', { name: /role 12 hosts/ })).toBeInTheDocument()
    await user.keyboard('{ArrowDown}{Enter}')
    expect(labelField()).toHaveValue('role=')
    await user.keyboard('{ArrowDown}{Enter}')
    expect(screen.getByRole('button', { name: 'Remove role=payment' })).toBeInTheDocument()
    expect(labelField()).toHaveValue('')
    expect(value.selector).toBe('role=payment')
  })

  it('says what matches, of how many, who is offline, and warns of a large share', async () => {
    const user = userEvent.setup()
    open({ selector: 'role=payment' })
    expect(await screen.findByText('Matches 12 of 20 hosts')).toBeInTheDocument()
    expect(screen.getByText('11 online')).toBeInTheDocument()
    expect(screen.getByText('1 offline: pay-12')).toBeInTheDocument()
    expect(screen.getByText('This is 60% of all hosts.')).toBeInTheDocument()
    const names = screen.getByRole('list', { name: 'Matched hosts' })
    expect(within(names).getByText('+4')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Show all' }))
    expect(within(names).getAllByRole('listitem')).toHaveLength(12)
  })

  it('names no match an error', async () => {
    open({ selector: 'role=nobody' })
    expect(await screen.findByText('Matches no host')).toHaveClass('text-failed')
  })

  it('counts what is typed without Enter, and asks once after a pause', async () => {
    const user = userEvent.setup()
    open()
    await user.type(labelField(), 'role=payment')
    expect(value.selector).toBe('role=payment')
    expect(await screen.findByText('Matches 12 of 20 hosts')).toBeInTheDocument()
    expect(asked).toEqual([{ selector: 'role=payment' }])
  })

  it('makes chips at commas, takes the last one back with Backspace, edits any by click', async () => {
    const user = userEvent.setup()
    open()
    await user.type(labelField(), 'role=payment,env in (prod,dev),')
    expect(screen.getByRole('button', { name: 'Edit env in (prod,dev)' })).toBeInTheDocument()
    await user.keyboard('{Backspace}')
    expect(labelField()).toHaveValue('env in (prod,dev)')
    await user.keyboard('{Enter}')
    await user.click(screen.getByRole('button', { name: 'Edit role=payment' }))
    expect(labelField()).toHaveValue('role=payment')
    await user.click(screen.getByRole('button', { name: 'Remove env in (prod,dev)' }))
    expect(value.selector).toBe('role=payment')
  })

  it('says what is wrong with a requirement and keeps it', async () => {
    const user = userEvent.setup()
    open()
    await user.type(labelField(), 'role in (a{Enter}')
    expect(labelField()).toHaveAccessibleDescription(/a comma or \) was expected/)
    expect(labelField()).toHaveValue('role in (a')
  })

  it('edits the whole selector as text', async () => {
    const user = userEvent.setup()
    open({ selector: 'role=payment, !retired' })
    await user.click(screen.getByRole('button', { name: 'As text' }))
    expect(labelField()).toHaveValue('role=payment, !retired')
    await user.type(labelField(), ',env=prod')
    expect(value.selector).toBe('role=payment, !retired,env=prod')
    await user.click(screen.getByRole('button', { name: 'As chips' }))
    expect(screen.getByRole('button', { name: 'Remove env=prod' })).toBeInTheDocument()
  })

  it('completes host names from the fleet', async () => {
    const user = userEvent.setup()
    open()
    await user.type(screen.getByLabelText('Hosts by name'), '-07')
    await user.click(await screen.findByRole('option', { name: /pay-07/ }))
    expect(value.hosts).toEqual(['pay-07'])
    await user.click(screen.getByRole('button', { name: 'Remove pay-07' }))
    expect(value.hosts).toEqual([])
  })

  it('ties what the server says to the fields', async () => {
    server.use(
      http.post('*/agents/match', () =>
        problem(422, 'invalid', 'The request has 1 fault.', [
          { pointer: '/hosts/0', code: 'bad_value', message: 'There is no host "web-9".' },
        ]),
      ),
    )
    open({ hosts: ['web-9'] })
    await waitFor(() =>
      expect(screen.getByLabelText('Hosts by name')).toHaveAccessibleDescription(/no host "web-9"/),
    )
  })
})

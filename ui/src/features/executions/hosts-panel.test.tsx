// Hosts beyond those of the snapshot are there again after each snapshot, and without live updates.
import { act, waitFor } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'

import { ExecutionFeed } from '@/features/executions/execution-feed'
import { HostsPanel } from '@/features/executions/hosts-panel'
import { live } from '@/lib/live'
import type { Phase } from '@/lib/live-socket'
import type { StepHost } from '@/lib/model'
import { aStep, aStepHost, anExecution } from '@/testing/execution'
import { renderPage } from '@/testing/render'
import { server } from '@/testing/server'

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => {
  server.resetHandlers()
  vi.restoreAllMocks()
})
afterAll(() => server.close())

const step = aStep({ host_counts: { running: 3 } })
const execution = anExecution({ steps: [step] })
const kHosts = ['web-1', 'web-2', 'web-3']

const connectionIs = (phase: Phase) => {
  const lostAt = phase === 'lost' ? 1 : undefined
  const connection = { phase, lostAt, retryAt: undefined, restored: 0 }
  vi.spyOn(live, 'connection').mockReturnValue(connection)
}
const restSays = (status: StepHost['status']) =>
  server.use(
    http.get('*/steps/step-1/hosts', () =>
      HttpResponse.json({ items: kHosts.map((host) => aStepHost(host, { status })), next_cursor: null }),
    ),
  )
const snapshot = (feed: ExecutionFeed, seq: number, listed: string[]) => {
  const hosts = listed.map((host) => aStepHost(host))
  const data = { ...execution, steps: [{ ...step, hosts }] }
  feed.topic.onEvent({ event: 'snapshot', execution: 'execution-1', seq, data })
}
const show = (feed: ExecutionFeed) =>
  renderPage(
    <HostsPanel {...{ feed, execution, step }} steps={[step]} selected={undefined} onSelect={vi.fn()} />,
  )
const states = (feed: ExecutionFeed) =>
  Object.values(feed.state().hosts['step-1'] ?? {}).map((host) => host.status)

it('keeps the hosts a new snapshot leaves out, and reads again what may have changed', async () => {
  connectionIs('live')
  restSays('running')
  const feed = new ExecutionFeed('execution-1')
  snapshot(feed, 3, ['web-1'])
  show(feed)
  await waitFor(() => expect(states(feed)).toEqual(['running', 'running', 'running']))
  restSays('success')
  act(() => snapshot(feed, 9, ['web-1']))
  await waitFor(() => expect(states(feed)).toEqual(['running', 'success', 'success']))
})

it('believes what it reads while nothing comes live', async () => {
  connectionIs('lost')
  restSays('success')
  const feed = new ExecutionFeed('execution-1')
  snapshot(feed, 3, kHosts)
  show(feed)
  await waitFor(() => expect(states(feed)).toEqual(['success', 'success', 'success']))
})

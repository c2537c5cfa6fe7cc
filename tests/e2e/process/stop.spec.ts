// Stop is for real: nothing of a step is left on the host.
import { startAgent } from '../support/agent.ts'
import { processesMentioning, waitUntil } from '../support/controller.ts'
import { expect, test } from '../support/fixtures.ts'

const graceSeconds = 1

// Each script says on standard output when it stands, then lasts until it is ended.
const scripts: Record<string, string> = {
  'a background child': 'sleep 1000 & echo up; wait',
  'a child that ignores TERM': `sh -c 'trap "" TERM; echo up; while :; do sleep 1000; done' & wait`,
  'a main process that ignores TERM': 'trap "" TERM; echo up; while :; do sleep 1000; done',
  'a child that called setsid':
    'setsid sh -c "trap \\"\\" TERM; echo up; while :; do sleep 1000; done" & wait',
  'a daemon (double fork, setsid, closed output)':
    '(setsid sh -c "exec >/dev/null 2>&1 </dev/null; sleep 1000" &); echo up; sleep 1000',
  'a stopped child': 'sleep 1000 & kill -STOP $!; echo up; wait',
}

for (const [name, script] of Object.entries(scripts)) {
  test(`stop ends ${name}`, async ({ api }) => {
    const marker = `marker-${crypto.randomUUID()}`
    const id = await api.runCommand(script, ['local-1'], {
      stop_grace_seconds: graceSeconds,
      environment: { MARKER: marker },
    })
    await waitUntil('the script stands', async () => {
      const execution = await api.execution(id)
      return execution.status === 'running' && execution.steps[0].output.includes('up')
    })
    expect((await processesMentioning(marker)).length).toBeGreaterThan(1)

    const stop = await api.request('POST', `/executions/${id}/control`, { action: 'stop' })
    expect(stop.status).toBe(202)
    const execution = await api.waitFor(id, ['stopped', 'completed', 'failed'])
    expect(execution.status).toBe('stopped')
    expect(execution.stop).toMatchObject({ confirmed: 1, of: 1 })
    expect(execution.steps[0].hosts[0].status).toBe('stopped')
    expect(await processesMentioning(marker)).toEqual([])
  })
}

test('a timeout ends the whole tree too', async ({ api }) => {
  const marker = `marker-${crypto.randomUUID()}`
  const id = await api.runCommand('setsid sleep 1000 & sleep 1000', ['local-2'], {
    timeout_seconds: 1,
    stop_grace_seconds: graceSeconds,
    environment: { MARKER: marker },
  })
  const execution = await api.waitFor(id)
  expect(execution.status).toBe('failed')
  expect(execution.steps[0].hosts[0].status).toBe('timed_out')
  expect(await processesMentioning(marker)).toEqual([])
})

test('a second stop is accepted, a stop after the end is not', async ({ api }) => {
  // Ignores TERM, so that the first stop takes its grace and the second comes while it lasts.
  const script = 'trap "" TERM; echo up; while :; do sleep 1000; done'
  const id = await api.runCommand(script, ['local-1'], { stop_grace_seconds: 3 })
  await waitUntil('the script stands', async () => (await api.execution(id)).steps[0].output.includes('up'))
  expect((await api.request('POST', `/executions/${id}/control`, { action: 'stop' })).status).toBe(202)
  expect((await api.request('POST', `/executions/${id}/control`, { action: 'stop' })).status).toBe(202)
  await api.waitFor(id, ['stopped'])
  expect((await api.request('POST', `/executions/${id}/control`, { action: 'stop' })).status).toBe(409)
})

test('a command of a revoked host is stopped and its result is unknown', async ({ api }) => {
  const marker = `marker-${crypto.randomUUID()}`
  const agent = await startAgent(
    api,
    `revoked-${marker.slice(7, 15)}`,
    Number(new URL(api.controller.agentUrl).port),
  )
  try {
    const online = await api.agentsOnline(3)
    const id = await api.runCommand('echo up; sleep 1000', [agent.name], {
      environment: { MARKER: marker },
    })
    await waitUntil('the command runs', async () =>
      (await api.execution(id)).steps[0].output.includes('up'),
    )
    const host = online.find((known) => known.host === agent.name)
    expect((await api.request('DELETE', `/agents/${host?.id}`)).status).toBe(204)
    const execution = await api.waitFor(id)
    expect(execution.status).toBe('failed')
    expect(execution.steps[0].hosts[0].status).toBe('unknown')
    await waitUntil(
      'nothing is left on the host',
      async () => (await processesMentioning(marker)).length === 0,
    )
  } finally {
    await agent.stop()
  }
})

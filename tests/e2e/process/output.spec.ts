// Output is exact: what a command wrote is what is stored, byte for byte, whatever the link does.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAgent } from '../support/agent.ts'
import { sha256 } from '../support/api.ts'
import { CuttingProxy } from '../support/cutting-proxy.ts'
import { expect, test } from '../support/fixtures.ts'

test('two hosts run a command and each keeps its own output', async ({ api }) => {
  const id = await api.runCommand('echo "hello from $RUNBOOK_HOST"; echo problem >&2', [
    'local-1',
    'local-2',
  ])
  const execution = await api.waitFor(id)
  expect(execution.status).toBe('completed')
  const step = execution.steps[0]
  expect(step.hosts.map((host) => [host.host, host.status, host.exit_code])).toEqual([
    ['local-1', 'success', 0],
    ['local-2', 'success', 0],
  ])
  expect((await api.output(id, step.id, '?host=local-1&stream=stdout')).toString()).toBe(
    'hello from local-1\n',
  )
  expect((await api.output(id, step.id, '?host=local-2&stream=stderr')).toString()).toBe('problem\n')
})

test('100 MB of lines are stored with the same SHA-256', async ({ api }) => {
  const id = await api.runCommand('yes | head -c 100000000', ['local-1'])
  const execution = await api.waitFor(id, ['completed', 'failed', 'stopped'], 150_000)
  expect(execution.status).toBe('completed')
  const stored = await api.output(id, execution.steps[0].id)
  expect(stored.length).toBe(100_000_000)
  expect(sha256(stored)).toBe(sha256(Buffer.alloc(100_000_000, 'y\n')))
})

test('20 MB of random bytes are stored with the same SHA-256', async ({ api }) => {
  const folder = await mkdtemp(join(tmpdir(), 'runbook-witness-'))
  try {
    const id = await api.runCommand(`head -c 20000000 /dev/urandom | tee ${folder}/witness`, ['local-2'])
    const execution = await api.waitFor(id)
    expect(execution.status).toBe('completed')
    const stored = await api.output(id, execution.steps[0].id)
    expect(stored.length).toBe(20_000_000)
    expect(sha256(stored)).toBe(sha256(await readFile(`${folder}/witness`)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a link cut 20 times during output loses and doubles no byte', async ({ api }) => {
  const folder = await mkdtemp(join(tmpdir(), 'runbook-witness-'))
  const proxy = await CuttingProxy.start(Number(new URL(api.controller.agentUrl).port))
  const agent = await startAgent(api, `cut-${proxy.port}`, proxy.port)
  try {
    await api.agentsOnline(3)
    const script = `head -c 120000000 /dev/urandom | tee ${folder}/witness`
    const id = await api.runCommand(script, [agent.name])
    const sides = ['agent', 'controller', 'both'] as const
    for (let cut = 0; cut < 20; ++cut) {
      await proxy.passed(2_000_000)
      proxy.cut(sides[cut % sides.length])
    }
    const execution = await api.waitFor(id, ['completed', 'failed', 'stopped'], 120_000)
    expect(execution.status).toBe('completed')
    expect(proxy.cuts).toBeGreaterThanOrEqual(20)
    const stored = await api.output(id, execution.steps[0].id, '?stream=stdout')
    expect(stored.length).toBe(120_000_000)
    expect(sha256(stored)).toBe(sha256(await readFile(`${folder}/witness`)))
  } finally {
    await agent.stop()
    await proxy.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

test('a host of a step that has not begun can be followed', async ({ api }) => {
  const runbook = await api.createRunbook([
    { name: 'Read', type: 'instruction', config: { text: 'Read this first.' } },
    { name: 'Print', type: 'command', config: { command: 'echo begun; echo done' } },
  ])
  const id = await api.execute(runbook.id, ['local-1', 'local-2'])
  const [read, print] = (await api.waitFor(id, ['awaiting_input'])).steps
  const followed = api.output(id, print.id, '?host=local-1&stream=stdout&follow=true')
  const path = `/executions/${id}/steps/${read.id}/complete`
  expect((await api.request('POST', path, { note: 'read' })).status).toBe(202)
  expect((await followed).toString()).toBe('begun\ndone\n')
  const execution = await api.waitFor(id)
  expect(execution.status).toBe('completed')
})

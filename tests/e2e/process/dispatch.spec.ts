// The agent as it ships runs only what the key signed that it was given at enrolment, and only what its
// host's own policy lets it.
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ExtraAgent, startAgent } from '../support/agent.ts'
import type { Api, Execution } from '../support/api.ts'
import { agentProgram, waitUntil } from '../support/controller.ts'
import { expect, test } from '../support/fixtures.ts'

interface Running {
  process: ChildProcess
  output: () => string
}

function run(agent: ExtraAgent, more: string[] = []): Running {
  const child = spawn(agentProgram, ['run', '--state-dir', agent.stateDir, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()))
  return { process: child, output: () => output }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

async function isOnline(api: Api, agent: ExtraAgent): Promise<boolean> {
  const { items } = await api.json<{ items: { host: string; status: string }[] }>('GET', '/agents')
  return items.some((each) => each.host === agent.name && each.status === 'online')
}

// An enrolled agent that does not run.
async function enrolled(api: Api): Promise<ExtraAgent> {
  const name = `signed-${crypto.randomUUID().slice(0, 8)}`
  const agent = await startAgent(api, name, Number(new URL(api.controller.agentUrl).port))
  await waitUntil('it came', () => isOnline(api, agent))
  await end(agent.process)
  await waitUntil('it went', async () => !(await isOnline(api, agent)))
  return agent
}

// What becomes of a command on an agent that was started with `more`.
async function commandOn(api: Api, agent: ExtraAgent, more: string[], command: string): Promise<Execution> {
  const running = run(agent, more)
  try {
    await waitUntil('it came', () => isOnline(api, agent))
    return await api.waitFor(await api.runCommand(command, [agent.name]))
  } finally {
    await end(running.process)
    await waitUntil('it went', async () => !(await isOnline(api, agent)))
  }
}

interface Shown {
  status: string
  reason?: string | null
}

function expectRefused(execution: Execution, reason: RegExp): void {
  expect(execution.status).toBe('failed')
  expect(execution.steps[0]?.output).toBe('')
  const host = execution.steps[0]?.hosts[0] as unknown as Shown
  expect(host.status).toBe('not_started')
  expect(host.reason ?? '').toMatch(reason)
}

test('an agent runs nothing that another key signed, and nothing without a key', async ({ api }) => {
  const agent = await enrolled(api)
  try {
    const file = join(agent.stateDir, 'agent.json')
    const identity = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
    expect(identity.dispatch_key).toMatch(/^[A-Za-z0-9_+/=-]{43,44}$/)
    const good = await commandOn(api, agent, [], 'echo ran')
    expect(good.steps[0]?.output).toBe('ran\n')

    const { publicKey } = generateKeyPairSync('ed25519')
    const { x } = publicKey.export({ format: 'jwk' })
    const encoding = String(identity.dispatch_key).endsWith('=') ? 'base64' : 'base64url'
    const other = Buffer.from(x ?? '', 'base64url').toString(encoding)
    await writeFile(file, JSON.stringify({ ...identity, dispatch_key: other }))
    expectRefused(await commandOn(api, agent, [], 'echo ran'), /sign/i)

    delete identity.dispatch_key
    await writeFile(file, JSON.stringify(identity))
    expectRefused(await commandOn(api, agent, [], 'echo ran'), /enrol/i)
    const told = await api.json<{ items: { action: string; reason: string }[] }>(
      'GET',
      '/audit?action=dispatch.refused&limit=5',
    )
    expect(told.items.length).toBeGreaterThanOrEqual(2)
  } finally {
    await agent.stop()
  }
})

test("a host's own policy is what its agent keeps to, and nobody else may write it", async ({ api }) => {
  const agent = await enrolled(api)
  const file = join(agent.stateDir, 'policy.yaml')
  try {
    const policy = async (text: string, mode = 0o600) => {
      await writeFile(file, text)
      await chmod(file, mode)
    }
    await policy('read_only: true\n')
    expectRefused(
      await commandOn(api, agent, ['--policy', file], 'echo ran'),
      /policy of this host .*read-only/,
    )
    await policy('maximum_runtime_seconds: 1\n')
    expectRefused(await commandOn(api, agent, ['--policy', file], 'echo ran'), /policy of this host/)
    await policy('read_only: false\n')
    const allowed = await commandOn(api, agent, ['--policy', file], 'echo ran')
    expect(allowed.steps[0]?.output).toBe('ran\n')

    const broken: [string, number][] = [
      ['read_only: maybe\n', 0o600],
      ['read_onyl: true\n', 0o600],
      ['read_only: true\n', 0o666],
    ]
    for (const [text, mode] of broken) {
      if (mode === 0o666 && process.getuid?.() !== 0) continue
      await policy(text, mode)
      const refused = run(agent, ['--policy', file])
      const [code] = (await once(refused.process, 'exit')) as [number]
      expect(code, text).not.toBe(0)
      expect(refused.output(), text).toContain('policy.yaml')
    }
    const missing = run(agent, ['--policy', join(agent.stateDir, 'none.yaml')])
    const [code] = (await once(missing.process, 'exit')) as [number]
    expect(code).not.toBe(0)
  } finally {
    await agent.stop()
  }
})

test('no request changes a version that was saved', async ({ api }) => {
  const block = { name: 'Say', type: 'command', config: { command: 'echo one' } }
  const runbook = await api.createRunbook([block], { title: 'Saved' })
  const whole = await api.json<{ version: { id: string } }>('GET', `/runbooks/${runbook.id}`)
  const path = `/runbooks/${runbook.id}/versions/${whole.version.id}`
  const content = async () => ({
    ...(await api.json<object>('GET', path)),
    updated_at: 'that of the runbook',
  })
  const before = await content()
  const other = { title: 'Other', blocks: [{ ...block, config: { command: 'echo two' } }] }
  for (const method of ['PUT', 'PATCH', 'DELETE', 'POST'])
    for (const body of [other, { content: other }, undefined])
      expect((await api.request(method, path, body)).status, method).toBe(405)
  expect((await api.request('PUT', `/runbooks/${runbook.id}`, other)).status).toBe(200)
  expect(await content()).toEqual(before)
})

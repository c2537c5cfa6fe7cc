// runbook-controller dev: what survives it, what ends with it, and what it says when it cannot start.
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'
import { Api, sha256 } from '../support/api.ts'
import {
  controllerProgram,
  freePort,
  makeDataDir,
  processesMentioning,
  startController,
  waitUntil,
} from '../support/controller.ts'

const execute = promisify(execFile)

test('after SIGKILL a second start adopts PostgreSQL and agents, and the run completes', async () => {
  const dataDir = await makeDataDir()
  const ports = { dataDir, port: await freePort(), agentPort: await freePort() }
  const folder = await mkdtemp(join(tmpdir(), 'runbook-witness-'))
  let controller = await startController(ports)
  try {
    let api = new Api(controller)
    await api.agentsOnline(2)
    const loop =
      'i=0; while [ $i -lt 3000 ]; do echo "$RUNBOOK_HOST line $i"; i=$((i+1)); ' +
      '[ $((i % 30)) = 0 ] && sleep 0.02; done'
    const runbook = await api.createRunbook([
      {
        name: 'Count',
        type: 'command',
        config: { command: `echo start >> ${folder}/$RUNBOOK_HOST; ${loop}` },
      },
      {
        name: 'After',
        type: 'command',
        config: { command: `echo after >> ${folder}/$RUNBOOK_HOST; echo after` },
      },
    ])
    const id = await api.execute(runbook.id, ['local-1', 'local-2'])
    await waitUntil('output flows', async () => (await api.execution(id)).steps[0].output_bytes > 1000)
    const before = await readFile(join(dataDir, 'run/postgres.pid'), 'utf8').catch(() => '')
    await controller.kill()
    controller = await startController(ports)
    api = new Api(controller)
    expect(await readFile(join(dataDir, 'run/postgres.pid'), 'utf8').catch(() => '')).toBe(before)

    const execution = await api.waitFor(id)
    expect(execution.status).toBe('completed')
    for (const host of ['local-1', 'local-2']) {
      const lines = Array.from({ length: 3000 }, (_, i) => `${host} line ${i}\n`).join('')
      const stored = await api.output(id, execution.steps[0].id, `?host=${host}&stream=stdout`)
      expect(sha256(stored)).toBe(sha256(lines))
      expect(await readFile(join(folder, host), 'utf8')).toBe('start\nafter\n')
    }
  } finally {
    await controller.stop()
    await rm(folder, { recursive: true, force: true })
  }
  expect(await processesMentioning(dataDir)).toEqual([])
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} leaves no process behind and a second start on the same data works`, async () => {
    const dataDir = await makeDataDir()
    const mode = (await stat(dataDir)).mode
    const first = await startController({ dataDir })
    const runbooks = await new Api(first).json<{ items: unknown[] }>('GET', '/runbooks')
    expect(runbooks.items.length).toBeGreaterThanOrEqual(3)
    expect(await first.end(signal)).toBe(0)
    expect(await processesMentioning(dataDir)).toEqual([])
    expect((await stat(dataDir)).mode).toBe(mode)

    const second = await startController({ dataDir })
    try {
      expect(await new Api(second).json('GET', '/runbooks')).toEqual(runbooks)
      expect(second.adminKey).toBe(first.adminKey)
    } finally {
      await second.stop()
    }
    expect(await processesMentioning(dataDir)).toEqual([])
  })
}

async function refusal(args: string[]): Promise<string> {
  const failed: unknown = await execute(controllerProgram, ['dev', ...args]).then(
    () => {
      throw new Error('it started')
    },
    (error: unknown) => error,
  )
  const { code, stderr } = failed as { code: number; stderr: string }
  expect(code).toBe(1)
  expect(stderr.trim().split('\n').length).toBe(1)
  return stderr
}

test('a taken port, a folder in use and a folder that cannot be made are told in one sentence', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const taken = typeof address === 'object' && address !== null ? address.port : 0
  const dataDir = await makeDataDir()
  const free = () => freePort().then((port) => `127.0.0.1:${port}`)
  try {
    expect(
      await refusal([
        '--data-dir',
        dataDir,
        '--listen',
        `127.0.0.1:${taken}`,
        '--agent-listen',
        await free(),
      ]),
    ).toContain(String(taken))
    expect(await processesMentioning(dataDir)).toEqual([])

    const controller = await startController({ dataDir, localAgents: 0 })
    try {
      expect(
        await refusal(['--data-dir', dataDir, '--listen', await free(), '--agent-listen', await free()]),
      ).toContain(dataDir)
    } finally {
      await controller.end()
    }

    const file = join(dataDir, 'file')
    await writeFile(file, '')
    expect(
      await refusal([
        '--data-dir',
        join(file, 'data'),
        '--listen',
        await free(),
        '--agent-listen',
        await free(),
      ]),
    ).toContain(file)
  } finally {
    server.close()
    await chmod(dataDir, 0o700)
    await rm(dataDir, { recursive: true, force: true })
  }
})

test('PostgreSQL of dev that is killed is started again, and runs go on', async () => {
  const controller = await startController()
  const api = new Api(controller)
  try {
    await api.agentsOnline(2)
    const server = Number(
      (await readFile(join(controller.dataDir, 'run/postgres.pid'), 'utf8')).split(/\s/)[0],
    )
    process.kill(server, 'SIGKILL')
    await waitUntil('the database is gone', async () => !(await fetch(`${controller.url}/readyz`)).ok)
    await waitUntil('the database is back', async () => (await fetch(`${controller.url}/readyz`)).ok)
    await api.agentsOnline(2)
    const id = await api.runCommand('echo back', ['local-1', 'local-2'])
    expect((await api.waitFor(id)).status).toBe('completed')
  } finally {
    await controller.stop()
  }
  expect(await processesMentioning(controller.dataDir)).toEqual([])
})

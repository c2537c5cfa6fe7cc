// The keys that seal credentials are replaced while the product runs: every secret opens before, during and
// after, the old key can be taken away, and with a wrong key nothing starts.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Api, sha256 } from '../support/api.ts'
import { type Controller, controllerProgram, startController } from '../support/controller.ts'
import { sql } from '../support/database.ts'
import { expect, test } from '../support/fixtures.ts'

const execute = promisify(execFile)
const count = 1000
const secretOf = (at: number, version: number) => `s3cret-${at}-${version}-${'x'.repeat(20)}`
const newKey = () => randomBytes(32).toString('base64url') + '='

const keyFile = (dataDir: string) => join(dataDir, 'private/fernet.key')

// Calls `each` for all numbers below `end`, some at once.
async function forAll(end: number, each: (at: number) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < end) await each(next++)
    }),
  )
}

// The digests of what a command finds in its files.
async function digestsAtAHost(api: Api, names: string[]): Promise<string[]> {
  const command = names
    .map((name) => `sha256sum < "$RUNBOOK_CREDENTIAL_${name.toUpperCase()}" | cut -c1-64`)
    .join('\n')
  const id = await api.runCommand(command, ['local-1'], { credentials: names })
  const { status, steps } = await api.waitFor(id)
  expect(status, steps[0]?.reason ?? '').toBe('completed')
  return (steps[0]?.output ?? '').trim().split('\n')
}

async function startedWith(dataDir: string, keys: string): Promise<Controller> {
  await writeFile(keyFile(dataDir), `${keys}\n`)
  const controller = await startController({ dataDir, localAgents: 1 })
  await new Api(controller).agentsOnline(1)
  return controller
}

test('a thousand secrets move to another key while they are used', async () => {
  test.setTimeout(300_000)
  let controller = await startController({ localAgents: 1 })
  const { dataDir } = controller
  try {
    const [first, second] = [(await readFile(keyFile(dataDir), 'utf8')).trim(), newKey()]
    let api = new Api(controller)
    await api.agentsOnline(1)
    const ids: string[] = []
    await forAll(count, async (at) => {
      const body = { name: `c${at}`, type: 'ssh', secret: secretOf(at, 1) }
      ids[at] = (await api.json<{ id: string }>('POST', '/credentials', body)).id
    })
    await controller.end()

    controller = await startedWith(dataDir, `${second},${first}`)
    api = new Api(controller)
    const old = new Set((await sql(dataDir, 'SELECT sealed FROM credential')).split('\n'))
    expect(old.size).toBe(count)
    const rotation = execute(controllerProgram, ['rotate-keys', '--data-dir', dataDir])
    // Meanwhile some are replaced, and some are used.
    await forAll(40, async (at) => {
      const response = await api.request('PUT', `/credentials/${ids[at]}`, { secret: secretOf(at, 2) })
      expect(response.status).toBe(200)
    })
    const names = ['c0', 'c39', 'c40', 'c500', 'c999']
    const expected = [
      secretOf(0, 2),
      secretOf(39, 2),
      secretOf(40, 1),
      secretOf(500, 1),
      secretOf(999, 1),
    ].map((secret) => sha256(`${secret}\n`))
    expect(await digestsAtAHost(api, names)).toEqual(expected)
    const { stdout } = await rotation
    const moved = Number(/^(\d+) credential/.exec(stdout)?.[1])
    expect(moved).toBeGreaterThanOrEqual(count - 40)
    expect(moved).toBeLessThanOrEqual(count)
    expect(await digestsAtAHost(api, names)).toEqual(expected)
    const kept = (await sql(dataDir, 'SELECT sealed FROM credential')).split('\n')
    expect(kept.filter((sealed) => old.has(sealed))).toEqual([])
    await controller.end()

    controller = await startedWith(dataDir, second)
    api = new Api(controller)
    expect(await digestsAtAHost(api, names)).toEqual(expected)
    for (const path of ['/credentials?limit=500', `/credentials/${ids[0]}`, '/audit'])
      expect(await (await api.request('GET', path)).text()).not.toContain('s3cret-')
    await controller.end()

    for (const keys of [first, newKey(), '', 'nonsense', `${second.slice(1)}`]) {
      await writeFile(keyFile(dataDir), `${keys}\n`)
      const refused = await execute(controllerProgram, [
        'dev',
        '--data-dir',
        dataDir,
        '--local-agents',
        '0',
      ]).then(
        () => '',
        (error: { stderr: string }) => error.stderr,
      )
      expect(refused, keys).toMatch(/fernet\.key|sealed with another key/)
      if (keys !== '') expect(refused).not.toContain(keys)
    }
  } finally {
    await controller.stop()
  }
})

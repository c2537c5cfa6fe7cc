// Two fresh installations share no secret, and what signs in is in no database, log or address once it was
// shown. Whatever people write, the log stays one record a line.
import { execFile } from 'node:child_process'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startAgent } from '../support/agent.ts'
import { Api } from '../support/api.ts'
import { type Controller, startController, waitUntil } from '../support/controller.ts'
import { postgresProgram } from '../support/database.ts'
import { expect, test } from '../support/fixtures.ts'

const execute = promisify(execFile)

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) found.push(join(entry.parentPath, entry.name))
  return found
}

// Every secret that an installation made for itself: name → text.
async function madeSecrets(controller: Controller): Promise<Map<string, string>> {
  const { dataDir } = controller
  const files = [join(dataDir, 'admin.key'), ...(await filesBelow(join(dataDir, 'private')))]
  for (const file of await filesBelow(join(dataDir, 'agents'))) if (/\.key$/.test(file)) files.push(file)
  const secrets = new Map<string, string>()
  for (const file of files) {
    const name = file.slice(dataDir.length + 1)
    expect((await stat(file)).mode & 0o077, name).toBe(0)
    secrets.set(name, (await readFile(file, 'utf8')).trim())
  }
  secrets.set('sign-in link', controller.signInLink.replace(/^.*#token=/, ''))
  return secrets
}

test('two fresh installations share no secret', async () => {
  const [one, other] = await Promise.all([
    startController({ localAgents: 1 }),
    startController({ localAgents: 1 }),
  ])
  try {
    const [ours, theirs] = await Promise.all([madeSecrets(one), madeSecrets(other)])
    expect([...theirs.keys()].sort()).toEqual([...ours.keys()].sort())
    expect(ours.size).toBeGreaterThanOrEqual(5)
    const all = [...ours.values(), ...theirs.values()]
    for (const secret of all) expect(secret.length).toBeGreaterThanOrEqual(32)
    expect(new Set(all).size).toBe(all.length)
    // The link signs in once; the second time it is nothing.
    const token = ours.get('sign-in link')
    const signIn = async () =>
      (await new Api(one).request('POST', '/session', { token }, { 'X-API-KEY': '' })).status
    expect(await signIn()).toBe(201)
    expect(await signIn()).toBe(401)
  } finally {
    await Promise.all([one.stop(), other.stop()])
  }
})

interface Planted {
  name: string
  secret: string
}

// One of everything that signs in, made, used and partly revoked.
async function usedSecrets(api: Api): Promise<Planted[]> {
  const { controller } = api
  const key = await api.json<{ id: string; key: string }>('POST', '/api-keys', {
    name: 'tool',
    roles: ['viewer'],
  })
  const as = (secret: string) => fetch(`${controller.url}/me`, { headers: { 'X-API-KEY': secret } })
  expect((await as(key.key)).status).toBe(200)
  const session = await api.request('POST', '/session', { key: key.key }, { 'X-API-KEY': '' })
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? ''
  const { csrf_token } = (await session.json()) as { csrf_token: string }
  await fetch(`${controller.url}/runbooks`, {
    method: 'POST',
    headers: { cookie, 'X-CSRF-Token': csrf_token },
  })
  expect((await api.request('DELETE', `/api-keys/${key.id}`)).status).toBe(204)
  expect((await as(key.key)).status).toBe(401)
  const token = await api.json<{ token: string }>('POST', '/enrollment-tokens', {})
  const credential = 'credential-7c1f9e35aa'
  await api.json('POST', '/credentials', { name: 'pay', type: 'api', secret: credential })
  return [
    { name: 'key', secret: key.key },
    { name: 'administrator', secret: controller.adminKey },
    { name: 'cookie', secret: cookie.slice(cookie.indexOf('=') + 1) },
    { name: 'csrf', secret: csrf_token },
    { name: 'enrolment token', secret: token.token },
    { name: 'sign-in link', secret: controller.signInLink.replace(/^.*#token=/, '') },
    { name: 'credential', secret: credential },
  ]
}

// The whole database as text, every log, and what an administrator may export.
async function everythingKept(api: Api): Promise<Map<string, string>> {
  const { dataDir } = api.controller
  const [, socket] = (await readFile(join(dataDir, 'run/postgres.pid'), 'utf8')).split('\n')
  const dump = await execute(
    await postgresProgram('pg_dump'),
    ['-h', socket ?? '', '-U', 'runbook', '-d', 'runbook'],
    { maxBuffer: 1 << 28 },
  )
  const kept = new Map([['database', dump.stdout]])
  for (const file of [
    ...(await filesBelow(join(dataDir, 'log'))),
    join(dataDir, 'audit-checkpoints.jsonl'),
  ])
    kept.set(file.slice(dataDir.length + 1), await readFile(file, 'utf8'))
  const lines = await api.request('GET', '/audit', undefined, { Accept: 'application/jsonl' })
  kept.set('audit', await lines.text())
  for (const path of ['/api-keys', '/enrollment-tokens', '/credentials', '/me', '/metrics'])
    kept.set(path, await (await api.request('GET', path)).text())
  return kept
}

const forged = '2026-01-01T00:00:00.000000Z error   forged'
const hostile = `=cmd|' /C calc'!A1 \r\n${forged}\r\n{"level":"error","message":"forged"}\u001b[2J\u009b1m`

test('what signs in is nowhere after it was shown, and no text makes a line of the log', async () => {
  const controller = await startController({ localAgents: 1 })
  const api = new Api(controller)
  try {
    await api.agentsOnline(1)
    const planted = await usedSecrets(api)
    const agent = await startAgent(api, 'enrolled', Number(new URL(controller.agentUrl).port))
    await agent.stop()
    planted.push({ name: 'used enrolment token', secret: agent.token })
    await api.request('POST', '/api-keys', { name: hostile, owner: hostile, roles: ['viewer'] })
    const runbook = await api.createRunbook(
      [
        {
          name: 'Fail',
          type: 'command',
          config: { command: 'printf %s "$TEXT" >&2; exit 1', environment: { TEXT: hostile } },
        },
      ],
      { title: hostile },
    )
    await api.waitFor(await api.execute(runbook.id, ['local-1'], { reason: hostile }))
    for (const path of [hostile, hostile.replace(/[\r\n\u001b]/g, ' ')])
      await api.request('GET', `/runbooks/${encodeURIComponent(path)}`)
    await waitUntil(
      'the audit trail has a checkpoint',
      async () =>
        (await stat(join(controller.dataDir, 'audit-checkpoints.jsonl')).catch(() => null)) !== null,
    )

    const kept = await everythingKept(api)
    expect([...kept.values()].every((text) => text.length > 0)).toBe(true)
    kept.set('standard error', controller.log().replaceAll(controller.signInLink, ''))
    for (const { name, secret } of planted) {
      expect(secret.length, name).toBeGreaterThan(15)
      // Bytes are in a dump as hexadecimal digits.
      const forms = [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')]
      for (const [place, text] of kept)
        for (const form of forms) expect(text.includes(form), `${name} in ${place}`).toBe(false)
    }
    expect(controller.log()).toContain("calc'!A1")
    for (const [place, text] of kept) {
      if (!/^log\/|^standard error$/.test(place)) continue
      expect(text, place).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
      expect(
        text.split('\n').filter((line) => /^\{"level"|^2026-01-01/.test(line)),
        place,
      ).toEqual([])
    }
    expect(
      kept
        .get('audit')
        ?.trim()
        .split('\n')
        .map((line) => typeof JSON.parse(line).id),
    ).not.toContain('undefined')
  } finally {
    await controller.stop()
  }
})

// `serve` starts with everything it needs to be safe, and with nothing less.
import { execFile } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { controllerProgram, freePort, startController } from '../support/controller.ts'
import { expect, test } from '../support/fixtures.ts'

interface Ended {
  code: number
  output: string
  ready: boolean
}

// Runs `serve` until it ends or is ready.
async function serve(environment: Record<string, string>): Promise<Ended> {
  return await new Promise((resolve) => {
    const child = execFile(
      controllerProgram,
      ['serve'],
      { env: { PATH: process.env.PATH ?? '', ...environment }, timeout: 60_000 },
      (error, stdout, stderr) =>
        resolve({
          code: error === null ? 0 : Number(error.code ?? -1),
          output: stdout + stderr,
          ready: stdout.includes('READY'),
        }),
    )
    child.stdout?.on('data', (data: string) => {
      if (data.includes('READY')) child.kill('SIGTERM')
    })
  })
}

test('serve does not start without what makes it safe', async () => {
  const controller = await startController({ localAgents: 1 }) // for its database and authority
  const folder = await mkdtemp(join(tmpdir(), 'runbook-serve-'))
  try {
    const { dataDir } = controller
    const [, socket] = (await readFile(join(dataDir, 'run/postgres.pid'), 'utf8')).split('\n')
    const own = join(dataDir, 'private')
    const file = async (name: string, text: string, mode = 0o600) => {
      await writeFile(join(folder, name), text)
      await chmod(join(folder, name), mode)
      return join(folder, name)
    }
    const authority = (await readdir(own)).filter((name) => /ca|authority/.test(name))
    const texts = await Promise.all(authority.map(async (name) => await readFile(join(own, name), 'utf8')))
    const certificate = texts.find((text) => text.includes('BEGIN CERTIFICATE')) ?? ''
    const key = texts.find((text) => text.includes('PRIVATE KEY')) ?? ''
    const signing = generateKeyPairSync('ed25519')
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString()
    const good: Record<string, string> = {
      RUNBOOK_DATABASE_URL: `host=${socket} dbname=runbook user=runbook`,
      RUNBOOK_CA_CERTIFICATE: await file('ca.pem', certificate),
      RUNBOOK_CA_KEY: await file('ca.key', key),
      RUNBOOK_DISPATCH_KEY_FILE: await file('dispatch.key', signing),
      RUNBOOK_AUDIT_KEY_FILE: await file('audit.key', `${randomBytes(32).toString('hex')}\n`),
      RUNBOOK_AUDIT_CHECKPOINT_FILE: join(folder, 'checkpoints.jsonl'),
      RUNBOOK_FERNET_KEYS: (await readFile(join(own, 'fernet.key'), 'utf8')).trim(),
      RUNBOOK_LISTEN: `127.0.0.1:${await freePort()}`,
      RUNBOOK_AGENT_LISTEN: `127.0.0.1:${await freePort()}`,
    }
    const started = await serve(good)
    expect(started.output).toContain('READY')

    for (const missing of Object.keys(good).filter((name) => !name.includes('LISTEN'))) {
      const rest = Object.fromEntries(Object.entries(good).filter(([name]) => name !== missing))
      for (const environment of [rest, { ...rest, [missing]: '' }]) {
        const ended = await serve(environment)
        expect(ended.ready, `without ${missing}`).toBe(false)
        expect(ended.code, ended.output).not.toBe(0)
        expect(ended.output.trim().length, `without ${missing}`).toBeGreaterThan(20)
      }
    }
    // Beyond loopback nothing is served in the clear.
    const beyond = await serve({ ...good, RUNBOOK_LISTEN: `0.0.0.0:${await freePort()}` })
    expect(beyond.output).toContain('READY https://')
    const wrong: Record<string, string>[] = [
      { RUNBOOK_CA_KEY: await file('other.key', signing) },
      { RUNBOOK_CA_CERTIFICATE: await file('none.pem', '') },
      { RUNBOOK_AUDIT_KEY_FILE: await file('short.key', 'abc\n') },
      { RUNBOOK_DISPATCH_KEY_FILE: good.RUNBOOK_CA_KEY ?? '' },
      { RUNBOOK_FERNET_KEYS: 'AAAA' },
      { RUNBOOK_DATABASE_URL: `host=${folder} dbname=runbook user=runbook connect_timeout=1` },
    ]
    for (const change of wrong) {
      const ended = await serve({ ...good, ...change })
      expect(ended.ready, JSON.stringify(change)).toBe(false)
      expect(ended.code, JSON.stringify(change)).not.toBe(0)
    }
    expect(createPrivateKey(key).type).toBe('private') // that the good one was one
  } finally {
    await controller.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

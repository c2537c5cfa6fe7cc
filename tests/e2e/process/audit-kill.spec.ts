// A controller that is killed again and again in the middle of changes: never a change without its row in the
// audit trail, never a row without its change, and the chain stays whole.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Api } from '../support/api.ts'
import { controllerProgram, freePort, makeDataDir, startController } from '../support/controller.ts'
import { sql } from '../support/database.ts'
import { expect, test } from '../support/fixtures.ts'

const execute = promisify(execFile)

const wanted = 1000
const workers = 8

const block = { name: 'Read', type: 'instruction', config: { text: 'Look.' } }

interface Made {
  id: string
}

// One life of something: made, changed, ended. Counts every change that was acknowledged.
async function change(api: Api, name: string, done: () => void): Promise<void> {
  const ask = async (method: string, path: string, body?: unknown): Promise<Made> => {
    const answer = await api.json<Made>(method, path, body)
    done()
    return answer
  }
  const runbook = await ask('POST', '/runbooks', { title: name, blocks: [block] })
  await ask('PUT', `/runbooks/${runbook.id}`, { title: `${name}, again`, blocks: [block, block] })
  const key = await ask('POST', '/api-keys', { name, owner: name, roles: ['viewer'] })
  const token = await ask('POST', '/enrollment-tokens', { labels: { of: 'test' } })
  const credential = await ask('POST', '/credentials', { name, type: 'api', secret: 'never told' })
  await ask('DELETE', `/api-keys/${key.id}`)
  await ask('DELETE', `/enrollment-tokens/${token.id}`)
  await ask('DELETE', `/credentials/${credential.id}`)
  await ask('DELETE', `/runbooks/${runbook.id}`)
}

// What was changed and what is told of, by object: rows where the two differ.
const differences = `
  WITH made (what, id, times) AS (
    SELECT 'runbook', runbook_id, count(*) FROM runbook_version GROUP BY runbook_id
    UNION ALL SELECT 'runbook.delete', id, 1 FROM runbook WHERE deleted_at IS NOT NULL
    UNION ALL SELECT 'api_key.create', id, 1 FROM api_key
    UNION ALL SELECT 'api_key.revoke', id, 1 FROM api_key WHERE revoked_at IS NOT NULL
    UNION ALL SELECT 'enrollment_token.create', id, 1 FROM enrollment_token
    UNION ALL SELECT 'enrollment_token.revoke', id, 1 FROM enrollment_token WHERE revoked_at IS NOT NULL
    UNION ALL SELECT 'credential', id, 1 FROM credential
  ), told (what, id, times) AS (
    SELECT CASE WHEN action IN ('runbook.create', 'runbook.update', 'runbook.rollback') THEN 'runbook'
                WHEN action IN ('credential.create', 'credential.delete') THEN 'credential'
                ELSE action END AS what, object_id,
           sum(CASE action WHEN 'credential.delete' THEN -1 ELSE 1 END)
    FROM audit_event
    WHERE result = 'done' AND object_type IN ('runbook', 'api_key', 'enrollment_token', 'credential')
    GROUP BY 1, 2
  )
  SELECT what, id, made.times, told.times FROM made FULL JOIN told USING (what, id)
  WHERE coalesce(made.times, 0) <> coalesce(told.times, 0)`

test('1,000 changes under SIGKILL at random: never one without its row', async () => {
  test.setTimeout(240_000)
  const dataDir = await makeDataDir()
  const options = { dataDir, port: await freePort(), agentPort: await freePort(), localAgents: 0 }
  let controller = await startController(options)
  let changes = 0
  let kills = 0
  let lives = 0
  try {
    while (changes < wanted) {
      const api = new Api(controller)
      let killed = false
      const work = Array.from({ length: workers }, async () => {
        while (!killed) await change(api, `life-${++lives}`, () => changes++).catch(() => (killed = true))
      })
      const until = changes + 20 + Math.floor(Math.random() * 120)
      const check = async () => {
        while (!killed && changes < until) await new Promise((turn) => setImmediate(turn))
      }
      await check()
      kills += 1
      await controller.kill()
      killed = true
      await Promise.all(work)
      expect(await sql(dataDir, differences), `after ${kills} kills`).toBe('')
      controller = await startController(options)
    }
    console.log(`${changes} changes acknowledged, ${kills} kills, no difference`)
    const told = Number(await sql(dataDir, "SELECT count(*) FROM audit_event WHERE result = 'done'"))
    expect(told).toBeGreaterThanOrEqual(changes)
    expect(kills).toBeGreaterThan(5)
    const { stdout } = await execute(controllerProgram, ['audit', 'verify', '--data-dir', dataDir])
    expect(stdout).toContain('as it was written')
  } finally {
    await controller.stop()
  }
})

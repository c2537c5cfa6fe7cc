// The session in the README works as pasted.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '../support/fixtures.ts'

const execute = promisify(execFile)

test('create, execute and stop over curl alone, as the README says', async ({ api }) => {
  const readme = await readFile(resolve(import.meta.dirname, '../../../README.md'), 'utf8')
  const session = /<!-- session:[^>]*-->\n```sh\n([\s\S]*?)```\n<!-- session end -->/.exec(readme)?.[1]
  expect(session).toBeDefined()
  const { stdout } = await execute('bash', ['--norc', '-euo', 'pipefail', '-c', session ?? ''], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      API: api.controller.url,
      DATA: api.controller.dataDir,
    },
    timeout: 60_000,
  })
  const record = stdout.slice(stdout.search(/\{"id":"[^"]+","runbook_id"/))
  const last = JSON.parse(record) as Record<string, unknown>
  expect(last).toMatchObject({ status: 'stopped', title: 'Watch the load', stop: { confirmed: 2, of: 2 } })
})

test('the runbook shown in the README is valid', async ({ api }) => {
  const readme = await readFile(resolve(import.meta.dirname, '../../../README.md'), 'utf8')
  const yaml = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1]
  const response = await api.request('POST', '/runbooks/validate', yaml, {
    'Content-Type': 'application/yaml',
  })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ valid: true })
})

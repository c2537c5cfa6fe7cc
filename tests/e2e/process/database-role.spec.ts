// `migrate` as the owner of the database gives the role of `serve` what it needs, and of the audit trail only
// reading and adding, whatever that role had before.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { controllerProgram } from '../support/controller.ts'
import { sql } from '../support/database.ts'
import { expect, test } from '../support/fixtures.ts'

const execute = promisify(execFile)

const rights = `
  SELECT string_agg(privilege_type, ' ' ORDER BY privilege_type) FROM information_schema.role_table_grants
  WHERE grantee = 'runbook_controller' AND table_name = `

test('migrate gives the role of serve its rights, and takes what it must not have', async ({ api }) => {
  const { dataDir } = api.controller
  const [, folder = ''] = (await readFile(join(dataDir, 'run/postgres.pid'), 'utf8')).split('\n')
  const url = (role: string) => `host=${folder} dbname=runbook user=${role}`
  await sql(
    dataDir,
    'GRANT ALL ON audit_event TO runbook_controller; REVOKE DELETE ON runbook FROM runbook_controller',
  )
  expect(await sql(dataDir, `${rights} 'audit_event'`)).toContain('TRUNCATE')

  const { stdout } = await execute(controllerProgram, [
    'migrate',
    '--database-url',
    url('runbook_controller'),
    '--database-owner-url',
    url('runbook'),
  ])
  expect(stdout).toContain('0 migration(s) applied')
  expect(await sql(dataDir, `${rights} 'audit_event'`)).toBe('INSERT SELECT')
  expect(await sql(dataDir, `${rights} 'schema_migration'`)).toBe('SELECT')
  expect(await sql(dataDir, `${rights} 'runbook'`)).toBe('DELETE INSERT SELECT UPDATE')
})

test('whoever is no owner cannot migrate', async ({ api }) => {
  const [, folder = ''] = (await readFile(join(api.controller.dataDir, 'run/postgres.pid'), 'utf8')).split(
    '\n',
  )
  const url = `host=${folder} dbname=runbook user=runbook_controller`
  const refused = execute(controllerProgram, [
    'migrate',
    '--database-url',
    url,
    '--database-owner-url',
    url,
  ])
  await expect(refused).rejects.toThrow(/permission denied|could not be given/)
})

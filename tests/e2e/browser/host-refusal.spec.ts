// A host whose own policy forbids a command says no: the page shows it as refused, with the host's reason.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAgent } from '../support/agent.ts'
import { waitUntil } from '../support/controller.ts'
import { expect, test } from './browser.ts'

test('a host that refuses is shown as refused, with its reason', async ({ page, api, ui }) => {
  const folder = await mkdtemp(join(tmpdir(), 'runbook-policy-'))
  const policy = join(folder, 'agent.yaml')
  await writeFile(policy, 'read_only: true\n', { mode: 0o600 })
  const port = Number(new URL(api.controller.agentUrl).port)
  const agent = await startAgent(api, 'strict-1', port, {}, undefined, ['--policy', policy])
  try {
    await waitUntil('the host is online', async () => {
      const { items } = await api.json<{ items: { host: string; status: string }[] }>('GET', '/agents')
      return items.some(({ host, status }) => host === 'strict-1' && status === 'online')
    })
    const id = await api.runCommand('echo it ran', ['local-1', 'strict-1'])
    expect((await api.waitFor(id)).status).toBe('failed')
    await page.goto(ui(`/executions/${id}`))
    const refused = page.getByRole('list', { name: 'Refused by hosts' })
    await expect(refused).toContainText('Refused by 1 host: The host’s own policy forbids it.')
    await expect(refused).toContainText(/The policy of this host .*agent\.yaml.* is read-only/)
    await expect(page.getByRole('log')).toContainText('it ran')
    await page.getByRole('gridcell', { name: /strict-1, Refused by the host/ }).click()
    await expect(page.getByText('Nothing ran on this host, so there is no output.')).toBeVisible()
    await expect(page.getByRole('log')).toHaveCount(0)
  } finally {
    await agent.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

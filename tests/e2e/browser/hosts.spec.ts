// Enrolling a host as a person does: the shown commands run on it with the real agent, it appears by itself,
// and something runs on it. Then its labels change what a target matches.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import { agentProgram } from '../support/controller.ts'
import { expect, test } from './browser.ts'

const execute = promisify(execFile)

// The command as it is shown, for the agent program of this build and a state folder of the test's own.
async function shownCommand(page: Page, label: string, stateDir: string, more: string[] = []) {
  const shown = (await page.getByLabel(label, { exact: true }).innerText()).trim()
  const [program, ...words] = shown.split(/\s+/)
  expect(program).toBe('runbook-agent')
  return [...words, ...more, '--state-dir', stateDir]
}

test('a host is enrolled, appears live, and runs something', async ({ page, api, ui }) => {
  const stateDir = await mkdtemp(join(tmpdir(), 'runbook-enrol-'))
  await page.goto(ui('/hosts'))
  await page.getByRole('button', { name: 'Enrol a host' }).click()
  await page.getByRole('button', { name: 'Add a label' }).click()
  await page.getByLabel('Label 1', { exact: true }).fill('role')
  await page.getByLabel('Value of role').fill('journey')
  await page.getByRole('button', { name: 'Make the command' }).click()
  await expect(page.getByRole('timer')).toContainText(/The command holds for 1[45]:\d\d/)
  const newHosts = page.getByRole('list', { name: 'New hosts' })
  await expect(newHosts.getByRole('link', { name: 'journey-1' })).toHaveCount(0)

  await execute(
    agentProgram,
    await shownCommand(page, '1. Enrol the host', stateDir, ['--name', 'journey-1']),
  )
  await expect(page.getByText('A host was enrolled with this command')).toBeVisible()
  const host = newHosts.getByRole('listitem').filter({ hasText: 'journey-1' })
  await expect(host).toContainText('the agent does not run yet')
  await expect(host).toContainText('role=journey')

  const agent = spawn(agentProgram, await shownCommand(page, '2. Run the agent', stateDir), {
    stdio: 'ignore',
  })
  try {
    await expect(host).toContainText('Online')

    const runbook = await api.createRunbook(
      [{ name: 'Greet', type: 'command', config: { command: 'echo "hello from $RUNBOOK_HOST"' } }],
      { title: 'Greeting' },
    )
    const { id } = await api.json<{ id: string }>('POST', `/runbooks/${runbook.id}/execute`, {
      approval: 'preapproved',
      targets: { selector: 'role=journey' },
    })
    await host.getByRole('link', { name: 'journey-1' }).click()
    await expect(page.getByRole('heading', { name: 'journey-1' })).toBeVisible()
    await page
      .getByRole('table', { name: 'Last 50 executions' })
      .getByRole('link', { name: 'Greeting' })
      .click()
    await expect(page).toHaveURL(ui(`/executions/${id}`))
    await expect(page.getByRole('log')).toContainText('hello from journey-1')
  } finally {
    const exited = once(agent, 'exit')
    agent.kill('SIGTERM')
    await exited
    await rm(stateDir, { recursive: true, force: true })
  }
})

test('labels are edited, and the list is filtered by them', async ({ page, api, ui }) => {
  await page.goto(ui('/hosts'))
  await page.getByRole('link', { name: 'local-1' }).click()
  await page.getByRole('button', { name: 'Edit labels' }).click()
  const dialog = page.getByRole('dialog', { name: 'Labels of local-1' })
  await dialog.getByRole('button', { name: 'Add a label' }).click()
  await dialog.getByLabel('Label 2', { exact: true }).fill('tier')
  await dialog.getByLabel('Value of tier').fill('not valid')
  await expect(dialog.getByRole('button', { name: 'Save labels' })).toBeDisabled()
  await dialog.getByLabel('Value of tier').fill('gold')
  await dialog.getByRole('button', { name: 'Save labels' }).click()
  await expect(page.getByText('tier=gold')).toBeVisible()
  const { items } = await api.json<{ items: { host: string; labels: object }[] }>(
    'GET',
    '/agents?name=local-1',
  )
  expect(items[0]?.labels).toMatchObject({ tier: 'gold' })

  await page.goto(ui('/hosts'))
  await page.getByRole('button', { name: 'tier=gold' }).click()
  await expect(page).toHaveURL(/labels=tier%3Dgold/)
  await expect(page.getByRole('link', { name: 'local-2' })).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'local-1' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'All 1', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Remove tier=gold' }).click()
  await expect(page.getByRole('link', { name: 'local-2' })).toBeVisible()
})

test('a host is drained and takes new work again', async ({ page, ui }) => {
  await page.goto(ui('/hosts'))
  await page.getByRole('link', { name: 'local-2' }).click()
  // The list, shown until the host has come, has a filter named "Draining".
  await expect(page.getByRole('heading', { name: 'local-2', level: 1 })).toBeVisible()
  await page.getByRole('button', { name: 'Drain', exact: true }).click()
  await expect(page.getByText('Draining', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Take new work again' }).click()
  await expect(page.getByText('Online', { exact: true })).toBeVisible()
})

// Stop asks first, says how many hosts have confirmed, and ends in Stopped.
import { expect, test } from './browser.ts'

const kStubborn = `trap '' TERM; echo started; while :; do sleep 0.1; done`

test('a run on two hosts is stopped for real', async ({ page, api, ui }) => {
  const id = await api.runCommand(kStubborn, ['local-1', 'local-2'], { stop_grace_seconds: 1 })
  await page.goto(ui(`/executions/${id}`))
  await expect(page.getByRole('button', { name: '2 running' })).toBeVisible()
  await expect(page.getByRole('log')).toContainText('started')

  await page.keyboard.press('Shift+S')
  const question = page.getByRole('dialog')
  await question.getByRole('button', { name: 'Keep it running' }).click()
  await expect(question).toBeHidden()

  await page.getByRole('button', { name: /^Stop/ }).click()
  await question.getByRole('button', { name: 'Stop on 2 hosts' }).click()
  await expect(page.getByRole('status').getByText(/^Stopping: [12] hosts? still running$/)).toBeVisible()
  await expect(page.getByText(/^[01] of 2$/)).toBeVisible()
  await expect(page.getByRole('button', { name: /^Pause/ })).toHaveCount(0)
  await expect(page.getByRole('status').getByText('Stopped', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: '2 stopped', exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Stop/ })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Restart from step 1' })).toBeEnabled()
})

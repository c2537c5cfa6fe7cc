// From the link a new controller prints to a first run that has completed, by what the pages offer.
import { startController } from '../support/controller.ts'
import { expect, test } from '../support/fixtures.ts'
import { chooseHost, watchComplaints } from './browser.ts'

test('the first login leads to a first run on both hosts', async ({ page }) => {
  const controller = await startController()
  try {
    const complaints = await watchComplaints(page)
    await page.goto(controller.signInLink)
    await expect(page.getByRole('heading', { name: 'Three steps to the first run' })).toBeVisible()
    await expect(page.getByText('2 hosts online')).toBeVisible()
    await expect(page.getByRole('link', { name: 'Enrol another host' })).toBeVisible()
    await page.getByRole('link', { name: 'Run Host health' }).click()

    const sheet = page.getByRole('dialog', { name: 'Run Host health' })
    // A machine busy with other tests must not fail the sample's verdict.
    await sheet.getByLabel('max_load_per_cpu').fill('10000')
    await sheet.getByLabel('max_disk_percent').fill('100')
    await chooseHost(sheet, 'local-1')
    await chooseHost(sheet, 'local-2')
    await sheet.getByRole('radio', { name: 'I confirm all commands now' }).check()
    await sheet.getByRole('button', { name: 'Run on 2 hosts' }).click()
    await expect(page).toHaveURL(/\/ui\/executions\/[0-9a-f-]{36}/)
    await expect(page.getByRole('status').getByText('Completed')).toBeVisible({ timeout: 60_000 })

    // Home now shows how things are instead of how to begin.
    await page.getByRole('link', { name: 'Home' }).click()
    await expect(page.getByText('Nothing waits for you.')).toBeVisible()
    await expect(page.getByText('Nothing runs.')).toBeVisible()
    await expect(page.getByText('Nothing failed.')).toBeVisible()
    await page.getByRole('link', { name: 'Runbooks' }).click()
    const row = page.getByRole('row', { name: /Host health/ })
    await expect(row.getByRole('link', { name: /^Completed/ })).toBeVisible()
    await expect(row.getByRole('img', { name: 'Last run: 1 completed' })).toBeVisible()
    expect(complaints).toEqual({ policy: [], errors: [] })
  } finally {
    await controller.stop()
  }
})

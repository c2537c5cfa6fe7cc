// Makes the pictures of docs/screenshots: the Host health sample on both hosts, at its verdict. Not a test:
//   npx playwright test --config screenshots/playwright.config.ts
import { resolve } from 'node:path'
import { chooseHost, expect, test } from '../browser/browser.ts'

const kFolder = resolve(import.meta.dirname, '../../../docs/screenshots')

test('the execution page, dark and light', async ({ page, ui }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.goto(ui('/runbooks'))
  await page.getByRole('button', { name: 'Run Host health' }).click()
  const sheet = page.getByRole('dialog', { name: 'Run Host health' })
  await chooseHost(sheet, 'local-1')
  await chooseHost(sheet, 'local-2')
  // A machine busy with a build must not fail the sample's verdict.
  await sheet.getByLabel('max_load_per_cpu').fill('100')
  await sheet.getByLabel('max_disk_percent').fill('99')
  await sheet.getByRole('radio', { name: 'I confirm all commands now' }).check()
  await sheet.getByLabel('Reason').fill('INC-2041: slow answers')
  await sheet.getByRole('button', { name: 'Run on 2 hosts' }).click()
  await expect(page.getByRole('status').getByText('Completed')).toBeVisible({ timeout: 60_000 })
  // The overview would show the disks and processes of the machine the picture is made on.
  await page.getByRole('button', { name: /Verdict/ }).click()
  await expect(page.getByText(/^[1-9]\d* lines?,/)).toBeVisible()
  await page.getByText('Command', { exact: true }).click()
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await page.mouse.move(0, 0)

  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await page.screenshot({ path: `${kFolder}/execution-${theme}.png` })
  }
})

// Makes the pictures of docs/screenshots, each page dark and light. Not a test:
//   npx playwright test --config screenshots/playwright.config.ts
import { resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from '../browser/browser.ts'
import { open } from '../browser/every-page.ts'
import { type SampleData, makeSampleData } from './sample-data.ts'

const kFolder = resolve(import.meta.dirname, '../../../docs/screenshots')
const kDesk = { width: 1440, height: 900 }
const kPhone = { width: 390, height: 844 }

async function picture(page: Page, name: string): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: `${kFolder}/${name}-${theme}.png` })
  }
}

async function executionPictures(
  page: Page,
  ui: (path: string) => string,
  data: SampleData,
): Promise<void> {
  const { execution, step } = data.waiting
  await open(page, ui(`/executions/${execution}?step=${step}`))
  await expect(page.getByRole('button', { name: /Approve and run/ }).first()).toBeVisible()
  await picture(page, 'execution-approval')
  await page.getByRole('button', { name: /Drain payment workers/ }).click()
  await page.getByRole('log').focus()
  await page.keyboard.press('/')
  await page.keyboard.type('timeout')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('log')).toContainText('drain timeout')
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await picture(page, 'execution')
  await page.setViewportSize(kPhone)
  await open(page, ui(`/approvals/${execution}/${step}`))
  await expect(page.getByRole('button', { name: /Approve and run/ }).first()).toBeVisible()
  await picture(page, 'approval-phone')
  await open(page, ui(`/executions/${execution}`))
  await picture(page, 'execution-phone')
  await page.setViewportSize(kDesk)
}

test('every main screen, dark and light', async ({ page, api, ui }) => {
  test.setTimeout(600_000)
  await page.setViewportSize(kDesk)
  const data = await makeSampleData(api)
  try {
    await executionPictures(page, ui, data)
    const pages: [string, string][] = [
      ['home', '/'],
      ['runbooks', '/runbooks'],
      ['runbook', `/runbooks/${data.runbook}`],
      ['editor', `/runbooks/${data.runbook}/edit`],
      ['compare', `/runbooks/${data.runbook}/compare?from=1&to=2`],
      ['executions', '/executions'],
      ['approvals', '/approvals'],
      ['hosts', '/hosts'],
      ['enrol', '/hosts/enrol'],
      ['credentials', '/credentials'],
      ['audit', '/audit'],
      ['keys', '/settings/keys'],
    ]
    for (const [name, path] of pages) {
      await open(page, ui(path))
      if (name === 'editor') {
        await page
          .getByRole('button', { name: /Drain payment workers/ })
          .first()
          .click()
        await expect(page.getByText(/Matches 12/)).toBeVisible()
      }
      await picture(page, name)
    }
  } finally {
    await Promise.all(data.agents.map((agent) => agent.stop()))
  }
})

// axe on every page, in both themes and on a phone; the keyboard alone gets through the main job.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { chooseHost, expect, test } from './browser.ts'
import { everyPage, open, routesOfTheApp } from './every-page.ts'
import { somethingOnEveryPage } from './scenario.ts'

const kTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(kTags).analyze()
  const told = violations.map(
    (each) => `${what}: ${each.id}: ${each.nodes.map((node) => node.html).join(' | ')}`,
  )
  expect(told).toEqual([])
}

const kScreens = [
  { theme: 'dark', width: 1440, height: 900 },
  { theme: 'light', width: 1440, height: 900 },
  { theme: 'dark', width: 390, height: 844 },
] as const

test('the list of pages is the router’s', async ({ api }) => {
  const listed = new Set(everyPage(await somethingOnEveryPage(api)).map((place) => place.route))
  expect([...listed].sort()).toEqual((await routesOfTheApp()).sort())
})

// On a phone nothing scrolls sideways but what has a scroller of its own.
async function expectNoSideways(page: Page, what: string): Promise<void> {
  const [inside, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  expect(inside, what).toBeLessThanOrEqual(window ?? 0)
}

for (const { theme, width, height } of kScreens) {
  test(`no page breaks an accessibility rule (${theme}, ${width} px)`, async ({ page, api, ui }) => {
    test.setTimeout(300_000)
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const things = await somethingOnEveryPage(api)
    for (const { path } of everyPage(things)) {
      await open(page, ui(path))
      await expectAccessible(page, path)
      if (width < 768) await expectNoSideways(page, path)
    }

    await page.goto(ui(`/runbooks/${things.runbook}`))
    await page.getByRole('button', { name: /^Run/ }).first().click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectAccessible(page, 'run sheet')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('combobox', { name: 'Search or run a command' })).toBeVisible()
    await expectAccessible(page, 'palette')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    await expectAccessible(page, 'key map')

    await page.context().clearCookies()
    await page.goto(ui('/login'))
    await expect(page.getByLabel('API key')).toBeVisible()
    await expectAccessible(page, 'login')
  })
}

test('the keyboard alone runs a runbook and stops it', async ({ page, api, ui }) => {
  await api.createRunbook([{ name: 'Wait', type: 'command', config: { command: 'sleep 300' } }], {
    title: 'A keyboard run',
  })
  await page.goto(ui('/runbooks'))
  await expect(page.getByRole('link', { name: 'A keyboard run' })).toBeVisible()
  await page.keyboard.press('j')
  await expect(page.getByRole('link', { name: 'A keyboard run' })).toBeFocused()
  await page.keyboard.press('r')
  const sheet = page.getByRole('dialog', { name: 'Run A keyboard run' })
  await expect(sheet).toBeVisible()
  const tabTo = async (name: RegExp) => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab')
      const focused = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement | null
        return (
          element?.closest('label')?.textContent ??
          element?.getAttribute('aria-label') ??
          element?.textContent ??
          ''
        )
      })
      if (name.test(focused)) return
    }
    throw new Error(`Tab does not reach ${name}`)
  }
  await tabTo(/Hosts by name/)
  await page.keyboard.type('local-1')
  await page.keyboard.press('Enter')
  await expect(sheet.getByRole('button', { name: 'Run on 1 host' })).toBeEnabled()
  await tabTo(/Run on 1 host/)
  await page.keyboard.press('Enter')
  // The run waits for the person who started it: the default is to be asked before each command.
  await expect(page.getByRole('heading', { name: 'Step 1 wants to run on 1 host' })).toBeVisible()
  await page.keyboard.press('Shift+A')
  await expect(page.getByRole('dialog').getByLabel(/^Note/)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: '1 running' })).toBeVisible()
  await page.keyboard.press('Shift+S')
  await expect(page.getByRole('dialog')).toBeVisible()
  await tabTo(/Stop on 1 host/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').getByText('Stopped', { exact: true })).toBeVisible()
})

// axe on every page, in both themes and on a phone; the keyboard alone gets through the main job.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { chooseHost, expect, test } from './browser.ts'

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

for (const { theme, width, height } of kScreens) {
  test(`no page breaks an accessibility rule (${theme}, ${width} px)`, async ({ page, api, ui }) => {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const runbook = await api.createRunbook(
      [
        {
          name: 'Print',
          type: 'command',
          config: { command: 'echo out; echo err >&2; exit 3' },
          on_failure: 'continue',
        },
        { name: 'Look', type: 'instruction', config: { text: 'A list:\n\n- one\n- `two`' } },
      ],
      {
        title: 'Accessible',
        description: 'A **text**.',
        parameters: [{ name: 'size', type: 'integer', default: 3 }],
      },
    )
    const id = await api.execute(runbook.id, ['local-1', 'local-2'])

    await page.goto(ui('/runbooks'))
    await expect(page.getByRole('link', { name: 'Host health' })).toBeVisible()
    await expectAccessible(page, 'runbooks')
    await page.goto(ui(`/runbooks/${runbook.id}`))
    await expect(page.getByRole('heading', { name: 'Print' })).toBeVisible()
    await expectAccessible(page, 'runbook')
    await page.getByRole('button', { name: /^Run/ }).click()
    await chooseHost(page, 'local-1')
    await expect(page.getByText(/^Matches 1 of/)).toBeVisible()
    await expectAccessible(page, 'run sheet')
    await page.goto(ui(`/executions/${id}`))
    await expect(page.getByRole('button', { name: 'Done, go on' })).toBeVisible()
    await expectAccessible(page, 'execution, waiting')
    const { steps } = await api.json<{ steps: { id: string }[] }>('GET', `/executions/${id}?fields=summary`)
    await page.goto(ui(`/executions/${id}?step=${steps[0].id}`))
    await expect(page.getByRole('log')).toContainText('err')
    await expectAccessible(page, 'execution, output')
    await page.goto(ui('/executions'))
    await expect(page.getByRole('link', { name: 'Accessible' }).first()).toBeVisible()
    await expectAccessible(page, 'executions')
    await page.goto(ui('/hosts'))
    await expect(page.getByText('local-1')).toBeVisible()
    await expectAccessible(page, 'hosts')
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

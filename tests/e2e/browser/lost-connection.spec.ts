// The connection is lost in the middle of output: the page says so, comes back, and nothing is missing or
// doubled.
import type { Page } from '@playwright/test'
import { expect, test as base } from './browser.ts'
import { Gate } from './gate.ts'

const kLines = 600
const kScript = `i=0
while [ $i -lt ${kLines} ]; do
  echo "line $i"
  i=$((i+1))
  if [ $((i % 10)) = 0 ]; then sleep 0.05; fi
done`
const kPrinted = Array.from({ length: kLines }, (_, i) => `line ${i}\n`).join('')

// The page reaches the controller through `gate`.
const test = base.extend<{ gate: Gate }>({
  gate: async ({ api, context }, use) => {
    const gate = await Gate.start(api.controller.url)
    await context.request.post(`${gate.url}/session`, { data: { key: api.controller.adminKey } })
    await use(gate)
    await gate.stop()
  },
})

async function copied(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('log').focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  return await page.evaluate(() => navigator.clipboard.readText())
}

async function expectWhole(page: Page): Promise<void> {
  await expect(page.getByRole('status').getByText('Completed')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(`${kLines} lines`)).toBeVisible()
  expect(await copied(page)).toBe(kPrinted)
}

test('lost live updates are told, and caught up exactly', async ({ page, api, gate }) => {
  const id = await api.runCommand(kScript, ['local-1'])
  await page.goto(`${gate.url}/ui/executions/${id}`)
  const output = page.getByRole('log')
  await expect(output).toContainText('line 20')

  gate.set('live')
  await expect(page.getByText('Live updates lost.')).toBeVisible()
  await expect(page.getByText('Not live').first()).toBeVisible()
  // What was on the screen stays, and the run can still be stopped.
  await expect(output).toContainText('line')
  await expect(page.getByRole('button', { name: /^Stop/ })).toBeEnabled()

  gate.set('nothing')
  await expect(page.getByText('Live again.')).toBeVisible()
  await expectWhole(page)
})

test('ten cuts during output lose and double nothing', async ({ page, api, gate }) => {
  const id = await api.runCommand(kScript, ['local-1'])
  await page.goto(`${gate.url}/ui/executions/${id}`)
  for (let cut = 1; cut <= 10; cut += 1) {
    await expect(page.getByRole('log')).toContainText(`line ${cut * 40}`)
    gate.cut('live')
  }
  await expectWhole(page)
})

test('without the controller nothing can be started or stopped', async ({ page, api, gate }) => {
  const id = await api.runCommand('sleep 300', ['local-1'])
  await page.goto(`${gate.url}/ui/executions/${id}`)
  const stop = page.getByRole('button', { name: /^Stop/ })
  await expect(page.getByRole('button', { name: '1 running' })).toBeVisible()

  gate.set('everything')
  await expect(page.getByText('The controller cannot be reached.', { exact: true }).first()).toBeVisible()
  await expect(stop).toBeDisabled()
  await expect(stop).toHaveAccessibleDescription('The controller cannot be reached.')

  gate.set('nothing')
  await expect(stop).toBeEnabled()
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await api.request('POST', `/executions/${id}/control`, { action: 'stop' })
  await expect(page.getByRole('status').getByText('Stopped', { exact: true })).toBeVisible()
})

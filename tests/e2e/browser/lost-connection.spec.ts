// The connection is lost in the middle of output: the page says so, comes back, and nothing is missing or
// doubled.
import { writeFile } from 'node:fs/promises'
import { setTimeout as pass } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import type { Api } from '../support/api.ts'
import { expect, test as base } from './browser.ts'
import { Gate } from './gate.ts'

const kCuts = 10
const kBatch = 50
const kLines = kBatch * (kCuts + 1)
const kPrinted = Array.from({ length: kLines }, (_, i) => `line ${i}\n`).join('')

// Prints in batches; before each but the first it waits to be let on. The console shows the end of output,
// so the last line of a batch is on the screen when the batch has arrived.
interface Output {
  execution: string
  lastLine: (batch: number) => string
  letOn: (batch: number) => Promise<void>
}

async function startOutput(api: Api): Promise<Output> {
  const files = `${api.controller.dataDir}/batch-${Date.now()}-`
  const script = `i=0
while [ $i -lt ${kLines} ]; do
  if [ $((i % 10)) = 0 ]; then sleep 0.05; fi
  if [ $((i % ${kBatch})) = 0 ] && [ $i != 0 ]; then
    while [ ! -e '${files}'$((i / ${kBatch})) ]; do sleep 0.02; done
  fi
  echo "line $i"
  i=$((i+1))
done`
  return {
    execution: await api.runCommand(script, ['local-1']),
    lastLine: (batch) => `line ${kBatch * (batch + 1) - 1}`,
    letOn: async (batch) => await writeFile(`${files}${batch}`, ''),
  }
}

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
  const printing = await startOutput(api)
  await page.goto(`${gate.url}/ui/executions/${printing.execution}`)
  const output = page.getByRole('log')
  await expect(output).toContainText(printing.lastLine(0))

  gate.set('live')
  await expect(page.getByText('Live updates lost.')).toBeVisible()
  await expect(page.getByText('Not live').first()).toBeVisible()
  // What was on the screen stays, and the run can still be stopped.
  await expect(output).toContainText(printing.lastLine(0))
  await expect(page.getByRole('button', { name: /^Stop/ })).toBeEnabled()

  for (let batch = 1; batch <= kCuts; batch += 1) await printing.letOn(batch)
  gate.set('nothing')
  await expect(page.getByText('Live again.')).toBeVisible()
  await expectWhole(page)
})

test('ten cuts during output lose and double nothing', async ({ page, api, gate }) => {
  const printing = await startOutput(api)
  await page.goto(`${gate.url}/ui/executions/${printing.execution}`)
  const output = page.getByRole('log')
  await expect(output).toContainText(printing.lastLine(0))
  for (let batch = 1; batch <= kCuts; batch += 1) {
    await printing.letOn(batch)
    // A batch takes a quarter of a second: each cut is at another place in it.
    await pass(batch * 25)
    await expect.poll(() => gate.cut('live')).toBe(1)
    await expect(output).toContainText(printing.lastLine(batch))
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

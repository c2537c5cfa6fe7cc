// The console on the real thing: a million lines, links to lines, what comes while one reads further up, and
// output that tries to be more than text.
import { writeFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { ended } from '../support/api.ts'
import type { Api } from '../support/api.ts'
import { hostile } from '../support/hostile.ts'
import { expect, test } from './browser.ts'

const kLines = 1_000_000
const kErrorLine = 765_432
// About 100 bytes a line.
const kManyLines = `awk 'BEGIN {
  for (i = 1; i <= ${kLines}; i++)
    if (i == ${kErrorLine}) print "ERROR drain timeout after 30s: 3 charges still in flight";
    else printf "%07d flushed 1204 pending charges of the payment workers, " \\
      "checkpoint written, lsn 0/5A31F28 ok\\n", i
}'`

const row = (page: Page, text: string) => page.locator('.console-row:visible', { hasText: text })
const chosen = (page: Page) => page.locator('.console-chosen:visible')

async function manyLines(api: Api): Promise<{ execution: string; step: string; agent: string }> {
  const execution = await api.runCommand(kManyLines, ['local-1'])
  const done = await api.waitFor(execution, ended, 150_000)
  const [step] = done.steps
  const agent = step?.hosts[0]?.agent_id
  if (!step || !agent) throw new Error('the execution has no output')
  return { execution, step: step.id, agent }
}

test('an error among a million lines is found, and lines are reached by their links', async ({
  page,
  api,
  ui,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const { execution, step, agent } = await manyLines(api)

  // The end is there at once, with the number of all lines.
  await page.goto(ui(`/executions/${execution}`))
  await expect(page.getByText('1,000,000 lines')).toBeVisible()
  await expect(row(page, '1000000 flushed')).toBeVisible()

  // Find: the exact count, and the line itself.
  await page.keyboard.press('Control+f')
  await page.keyboard.type('drain timeout')
  const found = page.getByRole('search').getByRole('status')
  await expect(found).toHaveText('0 / 1')
  await page.keyboard.press('Enter')
  await expect(found).toHaveText('1 / 1')
  await expect(row(page, 'ERROR drain timeout after 30s')).toContainText(String(kErrorLine))
  await expect(page.locator('mark:visible')).toHaveText('drain timeout')
  expect(new URL(page.url()).searchParams.get('q')).toBe('drain timeout')

  // Errors are found without a word of them.
  await page.getByRole('log').focus()
  await page.keyboard.press('g')
  await page.keyboard.press('g')
  await expect(row(page, '0000001 flushed')).toBeVisible()
  await page.getByRole('button', { name: 'Errors' }).click()
  await expect(found).toHaveText('0 / 1')
  await page.getByRole('log').focus()
  await page.keyboard.press('n')
  await expect(row(page, 'ERROR drain timeout after 30s')).toBeVisible()

  // Its link opens it: marked, not following, the lines around it there.
  await row(page, 'ERROR drain timeout after 30s').locator('.console-number').click()
  await page.keyboard.press('Shift+Y')
  await expect(page.getByText('Link copied')).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link).toBe(ui(`/executions/${execution}?host=${agent}&step=${step}#L${kErrorLine}`))
  await page.goto('about:blank')
  await page.goto(link)
  await expect(chosen(page)).toContainText('ERROR drain timeout')
  await expect(row(page, `0${kErrorLine - 1} flushed`)).toBeVisible()
  const follow = page.getByRole('button', { name: 'Follow', exact: true })
  await expect(follow).toHaveAttribute('aria-pressed', 'false')

  // A range, and its text.
  await page.goto('about:blank')
  const range = `step=${step}&host=${agent}&stream=stdout#L182000-L182002`
  await page.goto(ui(`/executions/${execution}?${range}`))
  await expect(chosen(page)).toHaveCount(3)
  await expect(chosen(page).first()).toContainText('0182000 flushed')
  await page.getByRole('log').focus()
  await page.keyboard.press('y')
  await expect(page.getByText('Copied')).toBeVisible()
  const text = await page.evaluate(() => navigator.clipboard.readText())
  expect(text.split('\n').map((line) => line.slice(0, 7))).toEqual(['0182000', '0182001', '0182002', ''])

  // More than can be copied is offered as a download.
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  await expect(page.getByText('use the download')).toBeVisible()
})

test('what comes while one reads further up does not move it', async ({ page, api, ui }) => {
  const file = `${api.controller.dataDir}/go-on-${Date.now()}`
  const id = await api.runCommand(
    `i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo "early $i"; done
while [ ! -e '${file}' ]; do sleep 0.02; done
i=0; while [ $i -lt 1240 ]; do i=$((i+1)); echo "late $i"; done
sleep 300`,
    ['local-1'],
  )
  await page.goto(ui(`/executions/${id}`))
  await expect(row(page, 'early 500')).toBeVisible()
  const log = page.getByRole('log')
  await log.hover()
  await page.mouse.wheel(0, -3000)
  await expect(page.getByRole('button', { name: 'Follow', exact: true })).toBeVisible()
  await expect(row(page, 'early 500')).toBeHidden()
  const top = await log.evaluate((element) => element.scrollTop)
  const first = await page.locator('.console-row:visible').first().textContent()

  await writeFile(file, '')
  await expect(page.getByText('1,740 lines')).toBeVisible()
  await expect(page.getByRole('button', { name: '1,240 new lines' })).toBeVisible()
  expect(await log.evaluate((element) => element.scrollTop)).toBe(top)
  expect(await page.locator('.console-row:visible').first().textContent()).toBe(first)

  await page.getByRole('button', { name: '1,240 new lines' }).click()
  await expect(row(page, 'late 1240')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Following' })).toBeVisible()

  // Searching goes on in what comes.
  await page.getByRole('textbox', { name: 'Find in the output' }).fill('late 12')
  await expect(page.getByRole('search').getByRole('status')).toHaveText('0 / 52')
  await api.request('POST', `/executions/${id}/control`, { action: 'stop' })
})

test('nothing unseen is left in what is shown and copied', async ({ page, api, ui }) => {
  const lines = hostile.map((text) => text.replaceAll('\n', ' '))
  const id = await api.runCommand(
    lines.map((text) => `echo ${Buffer.from(text).toString('base64')} | base64 -d; echo`).join('\n'),
    ['local-1'],
  )
  await api.waitFor(id)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(ui(`/executions/${id}`))
  await expect(page.getByText(`${lines.length} lines`)).toBeVisible()
  await page.getByRole('log').focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('y')
  await expect(page.getByText('Copied')).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied.trimEnd().split('\n').length).toBe(lines.length)
  expect(copied).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
  expect(copied).not.toMatch(/[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/)
  expect(copied).toContain(String.raw`\u202egnp.exe`)
})

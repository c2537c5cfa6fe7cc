// The main job in a browser: choose a runbook and hosts, start it, watch it, tick the instruction off.
import { createHash } from 'node:crypto'
import { chooseHost, expect, test } from './browser.ts'

const kLines = 300

test('a sample runs on both hosts and is watched until it completes', async ({ page, ui }) => {
  await page.goto(ui('/runbooks'))
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Run Host health' }).click()

  const sheet = page.getByRole('dialog', { name: 'Run Host health' })
  await expect(sheet.getByRole('radio', { name: 'Ask me before each command' })).toBeChecked()
  await expect(sheet.getByText('No command asks: all run at once after the start.')).toBeVisible()
  await expect(sheet.getByRole('button', { name: /^Run/ })).toBeDisabled()
  // A machine busy with other tests must not fail the sample's verdict.
  await sheet.getByLabel('max_load_per_cpu').fill('10000')
  await sheet.getByLabel('max_disk_percent').fill('100')
  await chooseHost(sheet, 'local-1')
  await expect(sheet.getByRole('button', { name: 'Run on 1 host' })).toBeEnabled()
  await chooseHost(sheet, 'local-2')
  await expect(sheet.getByText(/^Matches 2 of \d+ hosts/)).toBeVisible()
  await sheet.getByLabel('Reason').fill('INC-1')
  await sheet.getByRole('button', { name: 'Run on 2 hosts' }).click()

  await expect(page).toHaveURL(/\/ui\/executions\/[0-9a-f-]{36}/)
  await expect(page.getByRole('heading', { name: 'Host health' })).toBeVisible()
  await expect(page.getByRole('status').getByText('Completed')).toBeVisible({ timeout: 60_000 })

  await page.getByRole('button', { name: /Overview/ }).click()
  const output = page.getByRole('log')
  // The output of another step was there before. The console follows the end; the first line is at the start.
  await expect(output).not.toContainText('looks healthy')
  await expect(output).toContainText('local-1')
  await page.keyboard.press('g')
  await page.keyboard.press('g')
  await expect(output).toContainText('== host ==')
  await expect(page.getByRole('gridcell', { name: /^local-1, Succeeded, exit 0/ })).toBeVisible()
  await page.getByRole('gridcell', { name: /^local-2/ }).click()
  await expect(page.getByRole('log', { name: 'Output of local-2' })).toContainText('== memory')
  await expect(page).toHaveURL(/step=.*host=|host=.*step=/)

  await page.getByRole('link', { name: 'Executions' }).first().click()
  await expect(page.getByRole('row', { name: /Host health/ }).first()).toContainText('INC-1')
})

test('output appears while the command runs, and what is copied is what was printed', async ({
  page,
  api,
  ui,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const script = `echo begin
while [ ! -e "$RUNBOOK_PARAM_GATE" ]; do sleep 0.05; done
i=0
while [ $i -lt ${kLines} ]; do echo "line $i of output"; i=$((i+1)); done`
  const gate = `${api.controller.dataDir}/gate`
  const runbook = await api.createRunbook(
    [{ name: 'Print', type: 'command', config: { command: script } }],
    {
      title: 'Gate',
      parameters: [{ name: 'gate', type: 'string', required: true }],
    },
  )
  const id = await api.execute(runbook.id, ['local-1'], { parameters: { gate } })
  await page.goto(ui(`/executions/${id}`))
  const output = page.getByRole('log')
  await expect(output).toContainText('begin')
  await expect(page.getByRole('status').getByText('Running step 1 of 1')).toBeVisible()
  await expect(page.getByText('Streaming, no gaps')).toBeVisible()

  await api.runCommand(`touch '${gate}'`, ['local-2'])
  await expect(page.getByRole('status').getByText('Completed')).toBeVisible()
  await expect(output).toContainText(`line ${kLines - 1} of output`)
  await expect(page.getByText(`${kLines + 1} lines`)).toBeVisible()

  await output.focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  const expected =
    ['begin', ...Array.from({ length: kLines }, (_, i) => `line ${i} of output`)].join('\n') + '\n'
  const digest = (text: string) => createHash('sha256').update(text).digest('hex')
  expect(digest(copied)).toBe(digest(expected))

  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).click()
  const stream = await (await download).createReadStream()
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  expect(digest(Buffer.concat(parts).toString())).toBe(digest(expected))
})

test('an instruction waits for Done and keeps the note', async ({ page, api, ui }) => {
  const runbook = await api.createRunbook(
    [
      { name: 'Look first', type: 'instruction', config: { text: 'Check the **dashboard**.' } },
      { name: 'Go on', type: 'command', config: { command: 'echo after' } },
    ],
    { title: 'With an instruction' },
  )
  const id = await api.execute(runbook.id, ['local-1'])
  await page.goto(ui(`/executions/${id}`))
  await expect(page.getByRole('heading', { name: 'Step 1 waits for you: Look first' })).toBeVisible()
  await expect(page.locator('strong', { hasText: 'dashboard' })).toBeVisible()
  await page.getByLabel('Note').fill('all green')
  await page.getByRole('button', { name: 'Done, go on' }).click()
  await expect(page.getByRole('status').getByText('Completed')).toBeVisible()
  await expect(page.getByRole('log')).toContainText('after')
  const step = page.getByRole('button', { name: /Look first/ })
  await expect(step).toContainText(/Acknowledged by .+: all green/)
})

test('output cannot put markup, titles or links into the page', async ({ page, api, ui }) => {
  const hostile = [
    String.raw`printf '<img src=x onerror=alert(1)><b>bold</b>\n\033]0;pwned\007'`,
    String.raw`printf '\033]8;;https://example.org\033\\link\033]8;;\033\\ end\n'`,
  ].join('\n')
  const id = await api.runCommand(hostile, ['local-1'])
  await page.goto(ui(`/executions/${id}`))
  const output = page.getByRole('log')
  await expect(output).toContainText('<img src=x onerror=alert(1)><b>bold</b>')
  await expect(output).toContainText('link end')
  await expect(output.locator('img, b, a')).toHaveCount(0)
  await expect(page).not.toHaveTitle(/pwned/)
})

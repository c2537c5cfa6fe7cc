// One of two hosts fails: only that host runs again, and the run goes on. Each host leaves a line in a file,
// so what really ran is known.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './browser.ts'

test('only the failed host runs again', async ({ page, api, ui }) => {
  const folder = await mkdtemp(join(api.controller.dataDir, 'retry-'))
  const witness = join(folder, 'ran')
  const healed = join(folder, 'healed')
  const script = `echo "$RUNBOOK_HOST" >> '${witness}'
[ "$RUNBOOK_HOST" = local-1 ] || [ -e '${healed}' ] || { echo 'not ready' >&2; exit 3; }
echo ready`
  const runbook = await api.createRunbook(
    [
      { name: 'Check', type: 'command', config: { command: script } },
      {
        name: 'After',
        type: 'command',
        config: { command: `echo after >> '${witness}'`, targets: { hosts: ['local-1'] } },
      },
    ],
    { title: 'Retry one' },
  )
  const id = await api.execute(runbook.id, ['local-1', 'local-2'])
  await page.goto(ui(`/executions/${id}`))
  await expect(page.getByRole('status').getByText('Failed', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: /After/ })).toContainText('an earlier step failed')
  const cells = page.getByRole('gridcell')
  await expect(cells).toHaveCount(2)
  // What failed comes first.
  await expect(cells.first()).toHaveAccessibleName(/^local-2, Failed, exit 3/)
  expect((await readFile(witness, 'utf8')).trim().split('\n').sort()).toEqual(['local-1', 'local-2'])

  await writeFile(healed, '')
  await page.getByRole('button', { name: 'Retry 1 failed host' }).click()
  const question = page.getByRole('dialog', { name: 'Retry step 1: Check?' })
  await question.getByRole('button', { name: 'Retry on 1 host' }).click()

  await expect(page.getByRole('status').getByText('Completed', { exact: true })).toBeVisible()
  const attempt = page.getByRole('button', { name: /Check attempt 2/ })
  await expect(attempt).toContainText('1 host')
  await attempt.click()
  await expect(cells).toHaveCount(1)
  await expect(cells).toHaveAccessibleName(/^local-2, Succeeded, exit 0/)
  const ran = (await readFile(witness, 'utf8')).trim().split('\n')
  expect(ran.slice(0, 2).sort()).toEqual(['local-1', 'local-2'])
  expect(ran.slice(2)).toEqual(['local-2', 'after'])
})

test('hosts are chosen by keyboard, and only those run again', async ({ page, api, ui }) => {
  const folder = await mkdtemp(join(api.controller.dataDir, 'chosen-'))
  const witness = join(folder, 'ran')
  const id = await api.runCommand(`echo "$RUNBOOK_HOST" >> '${witness}'; exit 1`, ['local-1', 'local-2'])
  await page.goto(ui(`/executions/${id}`))
  await expect(page.getByRole('status').getByText('Failed', { exact: true })).toBeVisible()
  const first = page.getByRole('gridcell', { name: /^local-1/ })
  await expect(first).toBeVisible()
  await page.keyboard.press('2')
  await expect(first).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('gridcell', { name: /^local-2/ })).toBeFocused()
  await page.keyboard.press('Space')
  await expect(page.getByRole('gridcell', { name: /^local-2.*, chosen$/ })).toBeVisible()
  await page.getByRole('button', { name: 'Retry 1 chosen host' }).click()
  await page.getByRole('button', { name: 'Retry on 1 host' }).click()
  await expect(page.getByRole('button', { name: /attempt 2/ })).toContainText('1 host, 1 failed')
  const ran = (await readFile(witness, 'utf8')).trim().split('\n')
  expect(ran.slice(2)).toEqual(['local-2'])
})

// Woken at night: a command somebody else asked for is read and answered on a phone.
import type { Page } from '@playwright/test'
import { expect, test } from './browser.ts'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

const kLong = `printf '%s\\n' ${'a-very-long-argument-'.repeat(12)}end`

// Touch asks for targets of 44 px at least; the answers are 48.
async function expectReachable(page: Page, name: string): Promise<void> {
  const box = await page.getByRole('button', { name }).boundingBox()
  expect(box?.height).toBeGreaterThanOrEqual(48)
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844)
}

test('a command another person started is approved with a thumb', async ({ page, api, ui }) => {
  // Neither who wrote it nor who started it may approve: the person at the phone is a third one.
  const lena = await api.as('lena', ['author'])
  const tom = await api.as('tom', ['operator'])
  const runbook = await lena.createRunbook(
    [
      {
        name: 'Restart the service',
        type: 'command',
        config: { command: kLong, approval: { required: 1, other_person: true } },
      },
    ],
    { title: 'Night shift' },
  )
  const id = await tom.execute(runbook.id, ['local-1', 'local-2'], { approval: 'each', reason: 'INC-2291' })
  const step = await api.waitForStep(id, 'restart_the_service', ['awaiting_approval'])

  await page.goto(ui('/'))
  await page.getByRole('button', { name: 'Menu' }).tap()
  await page.getByRole('link', { name: /^Approvals\s+1 waiting for you$/ }).tap()
  const card = page.getByRole('link', { name: /Restart the service/ })
  await expect(card).toContainText('2 hosts')
  await expect(card).toContainText('tom')
  await expect(card).toContainText('0 of 1 approval')
  await card.tap()
  await expect(page).toHaveURL(ui(`/approvals/${id}/${step.id}`))
  await expect(page.getByRole('heading', { name: 'Restart the service on 2 hosts' })).toBeVisible()
  await expect(page.getByText('Started by tom for INC-2291')).toBeVisible()

  // The whole command is on the screen: wrapped, not cut, and nothing scrolls sideways.
  const command = page.getByRole('region', { name: 'Command to approve' })
  await expect(command).toContainText('end')
  expect(await command.evaluate((box) => box.scrollWidth <= box.clientWidth)).toBe(true)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await expectReachable(page, 'Approve and run on 2 hosts')
  await expectReachable(page, 'Reject')

  await page.getByLabel(/^Reason/).fill('graphs look right')
  await page.getByRole('button', { name: 'Approve and run on 2 hosts' }).tap()
  await expect(page.getByText(/Your approval was the last one needed/)).toBeVisible()
  await expect(page.getByText(/approved .*graphs look right/)).toBeVisible()
  const ended = await api.waitFor(id)
  expect(ended.status).toBe('completed')
  await expect(page.getByText('It ran on 2 hosts and succeeded.')).toBeVisible()
  await page.getByRole('link', { name: 'Follow the execution' }).tap()
  await expect(page).toHaveURL(new RegExp(`/ui/executions/${id}`))
})

test('a rejection needs a reason, is kept, and stops the execution', async ({ page, api, ui }) => {
  const runbook = await api.createRunbook(
    [{ name: 'Wipe it', type: 'command', config: { command: 'echo never' } }],
    { title: 'Rejected on a phone' },
  )
  const id = await api.execute(runbook.id, ['local-1'], { approval: 'each' })
  const step = await api.waitForStep(id, 'wipe_it', ['awaiting_approval'])
  await page.goto(ui(`/a/${id}/${step.id}`))
  await expect(page).toHaveURL(ui(`/approvals/${id}/${step.id}`))

  await page.getByRole('button', { name: 'Reject' }).tap()
  await expect(page.getByText('Say why you reject it.')).toBeVisible()
  expect((await api.step(id, 'wipe_it')).status).toBe('awaiting_approval')
  await page.getByLabel(/^Reason/).fill('wrong hosts')
  await page.getByRole('button', { name: 'Reject' }).tap()
  const outcome = page.getByText(/The step did not run and the execution has stopped/)
  await expect(outcome).toContainText('wrong hosts')
  expect((await api.waitFor(id)).status).toBe('stopped')

  await page.getByRole('link', { name: 'Back to the approvals' }).tap()
  await page.getByRole('tab', { name: 'Decided' }).tap()
  const card = page.getByRole('link', { name: /Wipe it/ })
  await expect(card).toContainText('Rejected by admin')
  await expect(card).toContainText('wrong hosts')
})

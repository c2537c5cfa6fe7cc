// The audit trail: what was done through the API is there, is filtered, opens, verifies and leaves as JSON
// lines; who has no right learns whom to ask.
import { signIn, expect, test } from './browser.ts'

test('a change is found by its filters, opened and exported', async ({ page, api, ui }) => {
  const [agent] = (await api.json<{ items: { id: string }[] }>('GET', '/agents?name=local-1')).items
  await api.json('PATCH', `/agents/${agent?.id}`, { labels: { env: 'local', audited: 'yes' } })

  await page.goto(ui('/audit'))
  await expect(page.getByText(/^Verified, \d+ events?$/)).toBeVisible()
  await page.getByLabel('Action').selectOption('agent.update')
  await expect(page).toHaveURL(/action=agent\.update/)
  const row = page.getByRole('row', { name: /agent\.update/ }).first()
  await expect(row).toContainText('local-1')
  await expect(row).toContainText('Done')
  await row.getByRole('button', { name: /^Event/ }).click()
  const details = page.getByRole('dialog', { name: 'agent.update' })
  await expect(details.getByText('"audited": "yes"')).toBeVisible()
  await page.keyboard.press('Escape')

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export JSON lines' }).click()
  const stream = await (await download).createReadStream()
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  const events = Buffer.concat(parts)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { action: string; changes: { labels: { after: unknown } } })
  expect(events.length).toBeGreaterThan(0)
  expect(events.every((event) => event.action === 'agent.update')).toBe(true)
  expect(events.at(-1)?.changes.labels.after).toEqual({ env: 'local', audited: 'yes' })
})

test('who is no administrator learns whom to ask, and sees no such place', async ({ browser, api }) => {
  const viewer = await api.as('vera', ['viewer'])
  const context = await browser.newContext()
  try {
    await signIn(context, viewer)
    const page = await context.newPage()
    await page.goto(`${api.controller.url}/ui/audit`)
    await expect(
      page.getByText(/You need the admin role to see the audit trail\. Ask: .*admin/),
    ).toBeVisible()
    const places = page.getByRole('navigation', { name: 'Main' })
    await expect(places.getByRole('link', { name: 'Hosts' })).toBeVisible()
    await expect(places.getByRole('link', { name: 'Audit' })).toHaveCount(0)
    await expect(places.getByRole('link', { name: 'Credentials' })).toHaveCount(0)
    await page.goto(`${api.controller.url}/ui/settings/keys`)
    await expect(page.getByText(/You need the admin role to see and make keys/)).toBeVisible()
  } finally {
    await context.close()
  }
})

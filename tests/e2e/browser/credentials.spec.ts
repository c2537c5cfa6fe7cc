// A secret is stored, used by a runbook, replaced, and deleted knowing what breaks; it is never shown again.
import { sql } from '../support/database.ts'
import { expect, test } from './browser.ts'

test('a credential is stored, replaced and deleted', async ({ page, api, ui }) => {
  await page.goto(ui('/credentials'))
  await expect(page.getByText('There are no credentials yet.')).toBeVisible()
  await page.getByRole('button', { name: 'New credential' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('pay_token')
  await dialog.getByLabel('Token or password').fill('first-secret')
  await dialog.getByRole('button', { name: 'Store the secret' }).click()
  const row = page.getByRole('row', { name: /pay_token/ })
  await expect(row).toContainText('API token')

  // Blocks that name credentials are refused until they can use them; the stored document is what counts.
  const runbook = await api.createRunbook(
    [{ name: 'Ask', type: 'api', config: { url: 'https://example.org/' } }],
    { title: 'Asks with a token' },
  )
  await sql(
    api.controller.dataDir,
    `UPDATE runbook_version SET content =
       jsonb_set(content::jsonb, '{blocks,0,config,credential}', '"pay_token"')::json
     WHERE runbook_id = '${runbook.id}'`,
  )
  await page.reload()
  await expect(row.getByRole('link', { name: 'Asks with a token' })).toBeVisible()

  await row.getByRole('button', { name: 'Replace the secret of pay_token' }).click()
  await dialog.getByLabel('Token or password').fill('second-secret')
  await dialog.getByRole('button', { name: 'Replace the secret' }).click()
  await expect(dialog).toBeHidden()
  expect(await page.content()).not.toContain('-secret')

  await row.getByRole('button', { name: 'Delete pay_token' }).click()
  await expect(dialog.getByRole('list', { name: 'Runbooks that would break' })).toContainText(
    'Asks with a token',
  )
  await dialog.getByLabel('Type pay_token to confirm').fill('pay_token')
  await dialog.getByRole('button', { name: 'Delete pay_token' }).click()
  await expect(page.getByText('There are no credentials yet.')).toBeVisible()
})

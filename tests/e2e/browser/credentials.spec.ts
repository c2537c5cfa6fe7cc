// A secret is stored, used by a runbook, replaced, and deleted knowing what breaks; it is never shown again.
import { chooseHost, expect, test } from './browser.ts'

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

  await api.createRunbook(
    [{ name: 'Ask', type: 'api', config: { url: 'https://example.org/', credential: 'pay_token' } }],
    { title: 'Asks with a token' },
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

test('a command gets a credential and a secret value, and nobody else sees them', async ({
  page,
  api,
  ui,
}) => {
  const secret = 'correct-horse-battery'
  await api.json('POST', '/credentials', { name: 'vault_key', type: 'ssh', secret: 'vault-secret-4711' })
  const command = 'printf "%s\\n" "$RUNBOOK_PARAM_TOKEN"; cat "$RUNBOOK_CREDENTIAL_VAULT_KEY"'
  const runbook = await api.createRunbook(
    [{ name: 'Use', type: 'command', config: { command, credentials: ['vault_key'] } }],
    {
      title: 'Uses secrets',
      parameters: [{ name: 'token', type: 'string', secret: true, required: true }],
    },
  )
  await page.goto(ui(`/runbooks/${runbook.id}?run`))
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByLabel('token')).toHaveAttribute('type', 'password')
  await sheet.getByLabel('token').fill(secret)
  await chooseHost(sheet, 'local-1')
  await sheet.getByRole('button', { name: 'Run on 1 host' }).click()
  await expect(page.getByRole('heading', { name: /Step 1 wants to run on 1 host/ })).toBeVisible()
  await expect(page.getByText('Uses the credential vault_key')).toBeVisible()
  await page.keyboard.press('Shift+A')
  await page.getByRole('dialog').getByRole('button', { name: 'Approve and run on 1 host' }).click()
  await expect(page.getByRole('status').getByText('Completed')).toBeVisible()
  await expect(page.getByRole('log')).toContainText('******')
  expect(await page.content()).not.toMatch(/correct-horse|vault-secret/)
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
  )
  expect(kept).not.toContain('correct-horse')

  // Run again: the value must be given again.
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Run again' }).click()
  await expect(page.getByRole('dialog').getByText('A value is needed.')).toBeVisible()
})

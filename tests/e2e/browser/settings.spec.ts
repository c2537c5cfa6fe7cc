// Keys are made, work, and are revoked; what is chosen under Appearance stays after a reload.
import { Api } from '../support/api.ts'
import { expect, test } from './browser.ts'

test('a key is made, shown once, used, and revoked', async ({ page, api, ui }) => {
  await page.goto(ui('/settings'))
  await expect(page).toHaveURL(ui('/settings/keys'))
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('incident tooling')
  await dialog.getByLabel(/^Owner/).fill('tom')
  await dialog.getByRole('checkbox', { name: /^operator/ }).check()
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  const key = (await dialog.getByLabel('The key', { exact: true }).innerText()).trim()
  const tom = new Api({ ...api.controller, adminKey: key })
  expect(await tom.json('GET', '/me')).toMatchObject({ name: 'tom', roles: ['operator'] })

  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await expect(page.getByText(key)).toHaveCount(0)
  const row = page.getByRole('row', { name: /incident tooling/ })
  await expect(row).toContainText('tom')
  await row.getByRole('button', { name: 'Revoke incident tooling' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke incident tooling' }).click()
  await expect(row).toContainText('Revoked')
  expect((await tom.request('GET', '/me')).status).toBe(401)
})

test('what was chosen for the look stays', async ({ page, ui }) => {
  await page.goto(ui('/settings/appearance'))
  await page.getByRole('radio', { name: 'Light' }).check({ force: true })
  await page.getByRole('radio', { name: 'UTC', exact: true }).check({ force: true })
  await page.getByRole('radio', { name: 'Compact' }).check({ force: true })
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await expect(page.locator('html')).toHaveAttribute('data-density', 'compact')
  await expect(page.getByText(/^Now:/)).toContainText('UTC')
})

test('single keys do nothing once they are turned off', async ({ page, ui }) => {
  await page.goto(ui('/settings/appearance'))
  await page.getByText('Shortcuts of a single key').click()
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.getByText('Shortcuts of a single key').click()
  await expect(page).toHaveURL(ui('/settings/appearance'))
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await expect(page).toHaveURL(ui('/hosts'))
})

test('the roles are told, with who has them', async ({ page, ui }) => {
  await page.goto(ui('/settings/roles'))
  await expect(page.getByRole('table', { name: 'Rights of the roles' })).toBeVisible()
  await page.getByLabel('Who can', { exact: true }).selectOption('admin')
  await expect(page.getByRole('status').filter({ hasText: 'can manage keys' })).toContainText('admin')
})

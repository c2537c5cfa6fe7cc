// Keys are made, work, and are revoked; what is chosen under Appearance stays after a reload.
import { AxeBuilder } from '@axe-core/playwright'
import { Api } from '../support/api.ts'
import { expect, test } from './browser.ts'

const kTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

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

test('a role is limited to some runbooks and hosts, and says so', async ({ page, api, ui }) => {
  const wait = [{ name: 'Wait', type: 'timer', config: { seconds: 1 } }]
  await api.createRunbook(wait, { title: 'Pay things', labels: { team: 'pay' } })
  await api.createRunbook(wait, { title: 'Web things', labels: { team: 'web' } })
  await page.goto(ui('/settings/keys'))
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('pay team')
  await dialog.getByLabel(/^Owner/).fill('dana')
  await dialog.getByRole('checkbox', { name: /^viewer/ }).check()
  await dialog.getByRole('checkbox', { name: /^operator/ }).check()
  await dialog
    .getByRole('radiogroup', { name: 'Where operator holds' })
    .getByText('Only on some runbooks or hosts')
    .click()
  const runbooks = dialog.getByRole('combobox', { name: 'Runbooks of operator' })
  await runbooks.fill('team=pay')
  await runbooks.press('Enter')
  await expect(dialog.getByText(/^1 of \d+ runbooks now$/)).toBeVisible()
  const hosts = dialog.getByRole('combobox', { name: 'Hosts of operator' })
  await hosts.fill('!nobody-has-this')
  await hosts.press('Enter')
  await expect(dialog.getByText(/^(\d+) of \1 hosts now$/)).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).withTags(kTags).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual(
    [],
  )
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  const key = (await dialog.getByLabel('The key', { exact: true }).innerText()).trim()
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  const row = page.getByRole('row', { name: /pay team/ })
  await expect(row).toContainText('operator on runbooks with team=pay and hosts with !nobody-has-this')

  // Seen by its owner: what the role does not cover cannot be run, and says why.
  await page.context().request.post(`${api.controller.url}/session`, { data: { key } })
  await page.goto(ui('/runbooks'))
  const run = (title: string) => page.getByRole('button', { name: `Run ${title}` })
  await expect(run('Pay things')).toBeEnabled()
  await expect(run('Web things')).toBeDisabled()
  await expect(run('Web things')).toHaveAccessibleDescription(/covers only runbooks with team=pay/)
  await page.goto(ui('/settings/roles'))
  await expect(page.getByText('You are viewer; operator on runbooks with team=pay')).toBeVisible()
  const dana = new Api({ ...api.controller, adminKey: key })
  const { items } = await dana.json<{ items: { id: string; title: string }[] }>('GET', '/runbooks')
  const web = items.find((item) => item.title === 'Web things')
  expect((await dana.request('POST', `/runbooks/${web?.id}/execute`, {})).status).toBeGreaterThanOrEqual(
    403,
  )
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
  await page.getByLabel('Who can', { exact: true }).selectOption('manage_keys')
  await expect(page.getByRole('status').filter({ hasText: 'can make keys' })).toContainText('admin')
})

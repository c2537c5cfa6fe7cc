// Signing in: by key, by the one-use link, and out again; the key stays out of the page.
import { startController } from '../support/controller.ts'
import { expect, test as plain } from '../support/fixtures.ts'
import { test } from './browser.ts'

plain('a pasted key signs in, is not kept, and signing out ends the session', async ({ page, api }) => {
  await page.goto(`${api.controller.url}/ui/hosts`)
  await expect(page).toHaveURL(/\/ui\/login$/)
  await page.getByLabel('API key').fill(api.controller.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/ui\/hosts$/)
  await expect(page.getByRole('cell', { name: 'local-1' })).toBeVisible()

  const stored = await page.evaluate(
    () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie,
  )
  expect(stored).not.toContain(api.controller.adminKey)
  const [cookie] = await page.context().cookies()
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })

  await page.reload()
  await expect(page.getByRole('cell', { name: 'local-1' })).toBeVisible()
  await page.getByRole('button', { name: /Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in to Runbook Studio' })).toBeVisible()
  await page.goto(`${api.controller.url}/ui/hosts`)
  await expect(page).toHaveURL(/\/ui\/login$/)
})

plain('a wrong key is told plainly', async ({ page, api }) => {
  await page.goto(`${api.controller.url}/ui/login`)
  await page.getByLabel('API key').fill('rbk_wrong')
  await page.keyboard.press('Enter')
  await expect(page.getByText('This key is not valid.')).toBeVisible()
  await expect(page.getByLabel('API key')).toHaveAttribute('aria-invalid', 'true')
})

plain('the printed link signs in once, and leaves no token in the address', async ({ browser }) => {
  const controller = await startController({ localAgents: 0 })
  try {
    const first = await browser.newPage()
    await first.goto(controller.signInLink)
    await expect(first.getByRole('heading', { name: 'Home' })).toBeVisible()
    expect(first.url()).not.toContain('token')
    await first.goBack().catch(() => null)
    expect(first.url()).not.toContain('token')

    const second = await browser.newPage()
    await second.goto(controller.signInLink)
    await expect(second.getByText('This sign-in link was used before or has expired.')).toBeVisible()
    await first.close()
    await second.close()
  } finally {
    await controller.stop()
  }
})

test('an unknown address says so and leads back', async ({ page, ui }) => {
  await page.goto(ui('/nowhere'))
  await expect(page.getByText('There is no page at this address.')).toBeVisible()
  await page.getByRole('link', { name: 'Go to the runbooks' }).click()
  await expect(page).toHaveURL(ui('/runbooks'))
})

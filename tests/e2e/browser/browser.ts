// For browser tests: a page that is signed in, and a record of everything the content policy refused or the
// page threw.
import type { BrowserContext, Locator, Page } from '@playwright/test'
import type { Api } from '../support/api.ts'
import { test as base } from '../support/fixtures.ts'

export interface Complaints {
  policy: string[]
  errors: string[]
}

// Watches a page from its first byte on.
export async function watchComplaints(page: Page): Promise<Complaints> {
  const complaints: Complaints = { policy: [], errors: [] }
  page.on('pageerror', (error) => complaints.errors.push(error.message))
  await page.exposeFunction('reportPolicy', (text: string) => complaints.policy.push(text))
  await page.addInitScript(() => {
    const report = (window as unknown as { reportPolicy: (text: string) => void }).reportPolicy
    document.addEventListener('securitypolicyviolation', (event) =>
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    )
  })
  return complaints
}

export async function signIn(context: BrowserContext, api: Api): Promise<void> {
  const answer = await context.request.post(`${api.controller.url}/session`, {
    data: { key: api.controller.adminKey },
  })
  if (answer.status() !== 201) throw new Error(`POST /session answered ${answer.status()}`)
}

// `page` is signed in and watched: a test in which the policy refused anything, or the page threw, fails.
export const test = base.extend<{ complaints: Complaints; ui: (path: string) => string }>({
  complaints: [
    async ({ page, context, api }, use) => {
      const complaints = await watchComplaints(page)
      await signIn(context, api)
      await use(complaints)
      base.expect(complaints).toEqual({ policy: [], errors: [] })
    },
    { auto: true },
  ],
  ui: async ({ api }, use) => {
    await use((path) => `${api.controller.url}/ui${path}`)
  },
})

export { expect } from '../support/fixtures.ts'

export async function chooseHost(where: Page | Locator, host: string): Promise<void> {
  const field = where.getByLabel('Hosts by name', { exact: true })
  await field.fill(host)
  await field.press('Enter')
}

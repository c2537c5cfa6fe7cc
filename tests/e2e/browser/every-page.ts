// Every address of the app with something on it, for what must hold everywhere: accessibility, hostile texts,
// pictures. A test compares it with the router, so that a new page cannot be forgotten.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Page } from '@playwright/test'
import type { Api, Step } from '../support/api.ts'
import { expect } from './browser.ts'

export interface Things {
  runbook: string // with at least two versions
  execution: string
  steps: Step[]
  waiting: { execution: string; step: string } // an approval that waits
  agents: string[]
}

export interface Place {
  route: string // as in the router
  path: string
}

export function everyPage(things: Things): Place[] {
  const { runbook, execution, steps, waiting, agents } = things
  const at = (route: string, path = `/${route}`) => ({ route, path })
  return [
    at('', '/'),
    at('runbooks'),
    at('runbooks/new'),
    at('runbooks/:id', `/runbooks/${runbook}`),
    at('runbooks/:id/edit', `/runbooks/${runbook}/edit`),
    at('runbooks/:id/versions', `/runbooks/${runbook}/versions`),
    at('runbooks/:id/compare', `/runbooks/${runbook}/compare?from=1&to=2`),
    at('executions'),
    ...steps.map((step) => at('executions/:id', `/executions/${execution}?step=${step.id}`)),
    at('executions/:id', `/executions/${waiting.execution}`),
    at('executions/:id/report', `/executions/${execution}/report`),
    at('approvals'),
    at('approvals/:execution/:step', `/approvals/${waiting.execution}/${waiting.step}`),
    at('hosts'),
    ...agents.map((agent) => at('hosts/:id', `/hosts/${agent}`)),
    at('hosts/enrol'),
    at('credentials'),
    at('audit'),
    ...['keys', 'roles', 'notifications', 'appearance', 'system'].map((name) =>
      at(name, `/settings/${name}`),
    ),
    at('*', '/no-such-page'),
  ]
}

// The page has shown what it has to show: a heading, and nothing that is still on its way.
export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
}

// Routes that show nothing of their own: they lead on.
const kLeadOn = ['settings', 'a/:execution/:step']

export async function routesOfTheApp(): Promise<string[]> {
  const file = resolve(import.meta.dirname, '../../../ui/src/app/router.tsx')
  const text = await readFile(file, 'utf8')
  const pages = text.slice(text.indexOf('const pages'), text.indexOf('export const routes'))
  const paths = [...pages.matchAll(/path: '([^']+)'/g)].map((match) => match[1] ?? '')
  return [...(pages.includes('index: true') ? [''] : []), ...paths].filter(
    (path) => !kLeadOn.includes(path),
  )
}

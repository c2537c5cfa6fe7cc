// `api` is a client of a controller with two local agents that the worker started; it ends with the worker.
import { test as base } from '@playwright/test'
import { Api } from './api.ts'
import { startController } from './controller.ts'

export const test = base.extend<object, { api: Api }>({
  api: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const controller = await startController()
      const api = new Api(controller)
      try {
        await api.agentsOnline(2)
        await use(api)
      } finally {
        await controller.stop()
      }
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

export { expect } from '@playwright/test'

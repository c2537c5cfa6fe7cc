// One Idempotency-Key, one execution: for callers at the same moment, and again after a restart.
import { expect, test } from '@playwright/test'
import { Api } from '../support/api.ts'
import { freePort, makeDataDir, startController } from '../support/controller.ts'

test('100 parallel requests with one key make one execution, also after SIGKILL', async () => {
  const options = { dataDir: await makeDataDir(), port: await freePort(), agentPort: await freePort() }
  let controller = await startController(options)
  try {
    let api = new Api(controller)
    await api.agentsOnline(2)
    const runbook = await api.createRunbook([
      { name: 'Note', type: 'instruction', config: { text: 'hello', acknowledge: false } },
    ])
    const headers = { 'Idempotency-Key': 'the-one' }
    const execute = (body: unknown) => api.request('POST', `/runbooks/${runbook.id}/execute`, body, headers)
    const ids = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const response = await execute({ reason: 'same' })
        expect(response.status).toBe(202)
        return ((await response.json()) as { id: string }).id
      }),
    )
    expect(new Set(ids).size).toBe(1)
    const list = () => api.json<{ items: unknown[] }>('GET', `/executions?runbook_id=${runbook.id}`)
    expect((await list()).items.length).toBe(1)
    expect((await execute({ reason: 'another' })).status).toBe(409)

    await controller.kill()
    controller = await startController(options)
    api = new Api(controller)
    const again = (await (await execute({ reason: 'same' })).json()) as { id: string }
    expect(again.id).toBe(ids[0])
    expect((await list()).items.length).toBe(1)
  } finally {
    await controller.stop()
  }
})

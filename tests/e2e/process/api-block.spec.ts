// API blocks against a scripted server: what they send and keep, retries as tries, the guard, the circuit.
import { expect, test } from '@playwright/test'
import { Api, type Step } from '../support/api.ts'
import { type Controller, startController } from '../support/controller.ts'
import { type Answer, type HttpTarget, answerJson, startHttpTarget } from '../support/http-target.ts'

let controller: Controller
let api: Api
const targets: HttpTarget[] = []

test.beforeAll(async () => {
  controller = await startController({ localAgents: 1, allowApiTarget: '127.0.0.0/8' })
  api = new Api(controller)
})
test.afterAll(async () => await controller.stop())
test.afterEach(async () => {
  for (const target of targets.splice(0)) await target.stop()
})

async function scripted(answer: Answer): Promise<HttpTarget> {
  const target = await startHttpTarget(answer)
  targets.push(target)
  return target
}

async function run(config: Record<string, unknown>, by: Api = api): Promise<Step> {
  const runbook = await by.createRunbook([{ name: 'Ask', type: 'api', config }])
  const id = await by.execute(runbook.id, [])
  await by.waitFor(id)
  return await by.step(id, 'ask')
}

test('an answer is kept, and a later step uses its JSON', async () => {
  const target = await scripted((request, response) => answerJson(response, 201, { was: request.body }))
  const runbook = await api.createRunbook(
    [
      {
        name: 'Ask',
        type: 'api',
        config: {
          method: 'POST',
          url: `${target.url}/jobs/\${{ params.name }}`,
          query: { q: '${{ params.name }}' },
          headers: { 'X-Name': '${{ params.name }}' },
          body: { name: '${{ params.name }}' },
        },
      },
      {
        name: 'Tell',
        type: 'instruction',
        config: { text: 'It said ${{ steps.ask.json.was }}', acknowledge: false },
      },
    ],
    { parameters: [{ name: 'name', type: 'string' }] },
  )
  const id = await api.execute(runbook.id, [], { parameters: { name: 'a/b &c' } })
  expect((await api.waitFor(id)).status).toBe('completed')
  const [seen] = target.seen
  expect(seen.method).toBe('POST')
  expect(seen.url).toBe('/jobs/a%2Fb%20%26c?q=a%2Fb%20%26c')
  expect(seen.headers['x-name']).toBe('a/b &c')
  expect(JSON.parse(seen.body)).toEqual({ name: 'a/b &c' })
  const step = await api.step(id, 'ask')
  expect(step).toMatchObject({ status: 'success', http_status: 201 })
  expect(step.tries.length).toBe(1)
  expect(JSON.parse(step.output)).toEqual({ was: seen.body })
})

test('a GET is tried again until it succeeds, each try visible', async () => {
  const target = await scripted((_, response, count) => answerJson(response, count < 2 ? 503 : 200, {}))
  const step = await run({ url: target.url })
  expect(step.status).toBe('success')
  expect(step.tries.map((one) => one.http_status)).toEqual([503, 503, 200])
  expect(step.tries[0].error).toBe('answered 503, expected 200..299')
  expect(target.seen.length).toBe(3)
})

test('a POST is tried once, with an idempotency key or flag again', async () => {
  const target = await scripted((_, response) => answerJson(response, 503, {}))
  const once = await run({ method: 'POST', url: target.url })
  expect(once.status).toBe('error')
  expect(once.tries.length).toBe(1)
  const other = await scripted((_, response) => answerJson(response, 503, {}))
  const key = await run({ method: 'POST', url: other.url, headers: { 'Idempotency-Key': 'a' }, retries: 1 })
  expect(key.tries.length).toBe(2)
  const flag = await run({ method: 'POST', url: other.url, idempotent: true, retries: 1 })
  expect(flag.tries.length).toBe(2)
})

test('a request that hangs ends with the time of its block', async () => {
  const target = await scripted(() => undefined)
  const step = await run({ url: target.url, timeout_seconds: 1 })
  expect(step.status).toBe('error')
  expect(step.reason).toContain('did not answer in time')
})

test('a host that failed five times is left alone, and the metrics say so', async () => {
  const target = await scripted((_, response) => answerJson(response, 500, {}))
  const host = new URL(target.url).host
  await run({ url: target.url, retries: 3 })
  const step = await run({ url: target.url, retries: 3, timeout_seconds: 10 })
  expect(step.status).toBe('error')
  expect(step.reason).toContain(`the circuit for ${host} is open since`)
  expect(target.seen.length).toBe(5)
  const metrics = await (await api.request('GET', '/metrics')).text()
  expect(metrics).toContain(`runbook_api_circuit{host="${host}",state="open"} 1`)
  expect(metrics).toContain('runbook_api_requests_total{result="open_circuit"}')
})

test('without leave no private address is called', async () => {
  const target = await scripted((_, response) => answerJson(response, 200, {}))
  const strict = await startController({ localAgents: 1 })
  try {
    const step = await run({ url: target.url }, new Api(strict))
    expect(step.status).toBe('error')
    expect(step.reason).toContain('127.0.0.1 is a loopback address. Allow it with --allow-api-target')
    expect(step.tries.length).toBe(1)
    expect(target.seen).toEqual([])
  } finally {
    await strict.stop()
  }
})

// A page of another origin, open in the browser of somebody who is signed in, tries every route that changes
// something, in every way a page can send one, and the live WebSocket: nothing happens, and it reads nothing.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { WebSocket } from 'ws'
import type { Api } from '../support/api.ts'
import { expect, test } from './browser.ts'

interface Attack {
  method: string
  path: string
  body: unknown
}

interface Outcome {
  read: string[] // answers the page could read, and frames it got
  tried: number
}

// One of everything, so that each route has something to harm.
async function makeVictims(api: Api): Promise<Record<string, string>> {
  const wait = { name: 'Wait', type: 'instruction', config: { text: 'x' } }
  const runbook = await api.createRunbook([wait], { title: 'victim' })
  const versions = await api.json<{ items: { id: string }[] }>('GET', `/runbooks/${runbook.id}/versions`)
  const execution = await api.execute(runbook.id, [])
  const step = await api.waitForStep(execution, 'wait', ['awaiting_input'])
  const credential = await api.json<{ id: string }>('POST', '/credentials', {
    name: `victim_${crypto.randomUUID().slice(0, 8)}`,
    type: 'api',
    secret: 'secret-of-the-victim',
  })
  const key = await api.json<{ id: string }>('POST', '/api-keys', { name: 'victim', roles: ['viewer'] })
  const token = await api.json<{ id: string }>('POST', '/enrollment-tokens', { labels: {} })
  const [agent] = await api.agentsOnline(1)
  return {
    runbook_id: runbook.id,
    version_id: versions.items[0]?.id ?? '',
    job_id: execution,
    step_id: step.id,
    agent_id: agent?.id ?? '',
    credential_id: credential.id,
    key_id: key.id,
    token_id: token.id,
  }
}

// Bodies that would do something if they were taken.
const runbookBody = { title: 'forged', blocks: [{ name: 'A', type: 'timer', config: { seconds: 1 } }] }
const bodies: Record<string, unknown> = {
  'POST /runbooks': runbookBody,
  'PUT /runbooks/{runbook_id}': runbookBody,
  'PUT /runbooks/{runbook_id}/draft': { base_version_number: 1, yaml: 'title: forged\n' },
  'POST /runbooks/{runbook_id}/versions/{version_id}/rollback': { message: 'forged' },
  'POST /runbooks/{runbook_id}/execute': { parameters: {}, approval: 'preapproved', reason: 'forged' },
  'POST /executions/{job_id}/control': { action: 'stop' },
  'POST /executions/{job_id}/steps/{step_id}/reject': { reason: 'forged' },
  'POST /enrollment-tokens': { labels: { forged: 'yes' } },
  'POST /api-keys': { name: 'forged', roles: ['admin'] },
  'POST /credentials': { name: 'forged', type: 'api', secret: 'forged-secret' },
  'PUT /credentials/{credential_id}': { secret: 'forged-secret' },
  'PATCH /agents/{agent_id}': { labels: { forged: 'yes' } },
}

interface OpenApi {
  paths: Record<string, Record<string, unknown>>
}

async function attacks(api: Api, victims: Record<string, string>, loginKey: string): Promise<Attack[]> {
  const { paths } = await api.json<OpenApi>('GET', '/openapi.json')
  const changing = Object.entries(paths).flatMap(([path, operations]) =>
    ['post', 'put', 'patch', 'delete']
      .filter((method) => method in operations)
      .map((method) => ({ method: method.toUpperCase(), template: path })),
  )
  const login = { key: loginKey } // signing the person in as somebody else is an effect too
  const all = { ...bodies, 'POST /session': login }
  return changing.map(({ method, template }) => ({
    method,
    path: template.replace(/\{(\w+)\}/g, (_, name: string) => victims[name] ?? name),
    body: (all as Record<string, unknown>)[`${method} ${template}`] ?? {},
  }))
}

// What must be the same afterwards, without what changes by itself.
async function everything(api: Api, victims: Record<string, string>): Promise<string> {
  const lists = ['runbooks', 'executions', 'agents', 'enrollment-tokens', 'api-keys', 'credentials']
  const one = [
    `/runbooks/${victims['runbook_id']}`,
    `/runbooks/${victims['runbook_id']}/versions`,
    `/executions/${victims['job_id']}`,
  ]
  const answers = await Promise.all(
    [...lists.map((list) => `/${list}`), ...one].map((path) => api.json<unknown>('GET', path)),
  )
  const draft = await api.request('GET', `/runbooks/${victims['runbook_id']}/draft`)
  const moving = ['last_used_at', 'last_seen', 'running']
  return JSON.stringify([answers, draft.status], (name, value: unknown) =>
    moving.includes(name) ? undefined : value,
  )
}

async function changesDone(api: Api): Promise<string[]> {
  const lines = await (
    await api.request('GET', '/audit', undefined, { Accept: 'application/jsonl' })
  ).text()
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { result: string; action: string })
    .filter((event) => event.result === 'done')
    .map((event) => event.action)
}

// Runs inside of the foreign page.
async function attack([url, all]: [string, Attack[]]): Promise<Outcome> {
  const outcome: Outcome = { read: [], tried: 0 }
  const send = async (path: string, options: RequestInit) => {
    outcome.tried += 1
    try {
      const answer = await fetch(url + path, { credentials: 'include', ...options })
      if (answer.type !== 'opaque' && answer.type !== 'opaqueredirect')
        outcome.read.push(`${options.method ?? 'GET'} ${path} ${answer.status}`)
    } catch {
      // refused
    }
  }
  for (const { method, path, body } of all) {
    const text = JSON.stringify(body)
    const json = { 'Content-Type': 'application/json' }
    await send(path, { method, headers: json, body: text })
    await send(path, { method, headers: { ...json, 'X-CSRF-Token': 'guess' }, body: text })
    if (method !== 'POST') continue
    await send(path, { method, mode: 'no-cors', body: text })
    await send(path, { method, mode: 'no-cors', body: new Blob([text]) })
    await send(path, { method, mode: 'no-cors', body: new URLSearchParams({ body: text }) })
    await send(path, { method, mode: 'no-cors' })
    navigator.sendBeacon(url + path, new Blob([text], { type: 'text/plain' }))
    outcome.tried += 1
  }
  for (const path of ['/me', '/runbooks', '/credentials', '/audit', '/metrics', '/openapi.json'])
    await send(path, {})
  await new Promise<void>((over) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live`)
    socket.onopen = () => {
      outcome.read.push('WebSocket opened')
      socket.send(JSON.stringify({ sub: { executions: true } }))
    }
    socket.onmessage = (message) => outcome.read.push(`WebSocket ${String(message.data)}`)
    socket.onclose = () => over()
  })
  return outcome
}

// A form that sends itself, as JSON in text/plain: the oldest way.
async function submitForms(page: Page, url: string, all: Attack[]): Promise<void> {
  for (const { path, body } of all.filter(({ method }) => method === 'POST')) {
    const answered = page.waitForResponse((response) => response.url() === url + path)
    await page.evaluate(
      ([action, text]) => {
        const frame = document.createElement('iframe')
        frame.name = `frame-${document.querySelectorAll('iframe').length}`
        const form = document.createElement('form')
        Object.assign(form, { method: 'POST', action, enctype: 'text/plain', target: frame.name })
        const field = document.createElement('input')
        Object.assign(field, { type: 'hidden', name: text.slice(0, -1) + ',"ignored":"', value: '"}' })
        form.append(field)
        document.body.append(frame, form)
        form.submit()
      },
      [url + path, JSON.stringify(body)] as const,
    )
    expect((await answered).status(), path).toBeGreaterThanOrEqual(400)
  }
}

async function foreignSite(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' })
    response.end('<!doctype html><title>foreign</title><body>A page like any other</body>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

// 127.0.0.1 on another port is the same site: cookies go along, only the origin differs.
for (const host of ['127.0.0.1', 'localhost'])
  test(`a page on another port of ${host} changes and reads nothing`, async ({ page, api }) => {
    const { url } = api.controller
    const victims = await makeVictims(api)
    const mallory = await api.json<{ key: string }>('POST', '/api-keys', {
      name: 'mallory',
      owner: 'mallory',
      roles: ['viewer'],
    })
    const all = await attacks(api, victims, mallory.key)
    expect(all.length).toBeGreaterThanOrEqual(27)
    const site = await foreignSite()
    try {
      const before = await everything(api, victims)
      const done = await changesDone(api)
      await page.goto(`http://${host}:${site.port}/`)
      const outcome = await page.evaluate(attack, [url, all] as [string, Attack[]])
      expect(outcome.tried).toBeGreaterThan(100)
      expect(outcome.read).toEqual([])
      await submitForms(page, url, all)
      expect(await everything(api, victims)).toBe(before)
      expect(await changesDone(api)).toEqual(done)

      // The person is still who they were, and their own page still works.
      await page.goto(`${url}/ui/runbooks`)
      await expect(page.getByRole('link', { name: 'victim' }).first()).toBeVisible()
      const me = await page.evaluate(async () => (await (await fetch('/me')).json()) as { name: string })
      expect(me.name).not.toBe('mallory')
    } finally {
      await site.close()
    }
  })

test('a cookie opens the WebSocket from the page of the controller only', async ({ context, api }) => {
  const { url } = api.controller
  const [cookie] = await context.cookies(url)
  const header = `${cookie?.name}=${cookie?.value}`
  const { port } = new URL(url)
  const opens = async (origin: string | undefined) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, {
      headers: { Cookie: header },
      ...(origin !== undefined && { origin }),
    })
    const opened = await new Promise<boolean>((resolve) => {
      socket.on('open', () => resolve(true))
      socket.on('error', () => resolve(false))
    })
    socket.terminate()
    return opened
  }
  expect(await opens(url)).toBe(true)
  for (const origin of [
    undefined,
    'null',
    '',
    `${url}.evil.example`,
    `${url}0`,
    `http://evil.example:${port}`,
    `http://127.0.0.1:${port}@evil.example`,
    `https://127.0.0.1:${port}`,
    'http://127.0.0.1',
    `http://localhost:${port}`,
  ])
    expect([origin, await opens(origin)]).toEqual([origin, false])
})

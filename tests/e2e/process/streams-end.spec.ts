// Streams are reads: they end within a second of the end of the rights they were opened with (S6), however
// the rights end.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { WebSocket } from 'ws'
import type { Api } from '../support/api.ts'
import { waitUntil } from '../support/controller.ts'
import { sql, sqlText } from '../support/database.ts'
import { expect, test } from '../support/fixtures.ts'

const promisedMs = 1000

interface Key {
  id: string
  key: string
}

const makeKey = async (api: Api): Promise<Key> =>
  await api.json('POST', '/api-keys', { name: 'watcher', owner: 'watcher', roles: ['admin'] })

// When it has begun, and when it was cut off.
interface Stream {
  begun: Promise<unknown>
  ended: () => Promise<number>
}

// The server's side of a connection is open.
async function established(serverPort: number, clientPort: number): Promise<boolean> {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
  const pattern = new RegExp(`: \\w+:${hex(serverPort)} \\w+:${hex(clientPort)} 01 `)
  return pattern.test(await readFile('/proc/net/tcp', 'utf8'))
}

// Seen from the server's side: a client that does not read does not notice that the answer is cut off.
function overHttp(api: Api, path: string, headers: Record<string, string>, reads: boolean): Stream {
  const url = new URL(path, api.controller.url)
  const asked = request(url, { headers, agent: false })
  asked.on('error', () => {})
  asked.end()
  const begun = once(asked, 'response').then(([answer]: IncomingMessage[]) => {
    expect(answer?.statusCode).toBe(200)
    answer?.on('error', () => {})
    if (reads) answer?.resume()
    return asked.socket?.localPort ?? 0
  })
  const ended = async () => {
    const clientPort = await begun
    await waitUntil('the answer is cut off', async () => !(await established(Number(url.port), clientPort)))
    asked.destroy()
    return performance.now()
  }
  return { begun, ended }
}

function overLive(api: Api, execution: string, headers: Record<string, string>): Stream {
  const socket = new WebSocket(`${api.controller.url.replace('http', 'ws')}/live`, { headers })
  socket.on('error', () => {})
  const begun = new Promise<void>((resolve) => {
    socket.on('open', () => socket.send(JSON.stringify({ sub: { execution } })))
    socket.on('message', () => resolve())
  })
  const end = new Promise<number>((resolve) => socket.on('close', () => resolve(performance.now())))
  return { begun, ended: () => end }
}

const endings: Record<string, (api: Api, key: Key) => Promise<unknown>> = {
  'the key is revoked here': (api, key) => api.request('DELETE', `/api-keys/${key.id}`),
  'another controller revokes the key': (api, key) =>
    sql(api.controller.dataDir, `UPDATE api_key SET revoked_at = now() WHERE id = ${sqlText(key.id)}`),
  'the key expires': (api, key) =>
    sql(api.controller.dataDir, `UPDATE api_key SET expires_at = now() WHERE id = ${sqlText(key.id)}`),
  'its roles change': (api, key) =>
    sql(api.controller.dataDir, `UPDATE api_key SET roles = '["viewer"]' WHERE id = ${sqlText(key.id)}`),
}

// A trail that takes long to send: the export of it outlasts the test.
async function lengthen(api: Api): Promise<void> {
  await sql(
    api.controller.dataDir,
    `INSERT INTO audit_event (id, at, action, object_type, result, reason, mac)
     SELECT (SELECT max(id) FROM audit_event) + n, now(), 'runbook.create', 'runbook', 'done',
            repeat('x', 8000), decode(repeat('00', 32), 'hex') FROM generate_series(1, 4000) n`,
  )
}

for (const [what, end] of Object.entries(endings)) {
  test(`when ${what}, live, followed output and an export end within a second`, async ({ api }) => {
    const execution = await api.runCommand('while :; do echo line; sleep 0.05; done', ['local-1'])
    const step = await api.waitForStep(execution, 'command', ['running'])
    if ((await sql(api.controller.dataDir, 'SELECT count(*) FROM audit_event')).length < 4)
      await lengthen(api)
    const key = await makeKey(api)
    const headers = { 'X-API-KEY': key.key }
    const follow = `/executions/${execution}/steps/${step.id}/output?follow=true`
    const streams: Record<string, Stream> = {
      live: overLive(api, execution, headers),
      'followed output': overHttp(api, follow, headers, true),
      'an export nobody reads': overHttp(api, '/audit', { ...headers, Accept: 'application/jsonl' }, false),
    }
    await Promise.all(Object.values(streams).map((stream) => stream.begun))
    await end(api, key)
    const at = performance.now()
    const ended = Object.entries(streams).map(
      async ([name, stream]) => [name, await stream.ended()] as const,
    )
    for (const [name, moment] of await Promise.all(ended)) {
      const took = moment - at
      console.log(`${what}: ${name} ended after ${took.toFixed(0)} ms`)
      expect(took, name).toBeLessThan(promisedMs)
    }
    const next = await api.request('GET', '/me', undefined, headers)
    expect(next.status).toBe(what === 'its roles change' ? 200 : 401)
    await api.control(execution, 'stop')
    await api.waitFor(execution)
  })
}

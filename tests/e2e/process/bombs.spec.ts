// Texts that are small and would become large: nested, repeated by reference, compressed. Each is refused
// with little work and little memory, and what comes compressed is not unpacked.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { WebSocket } from 'ws'
import { startController } from '../support/controller.ts'
import { Api } from '../support/api.ts'
import { expect, test } from '../support/fixtures.ts'

const body = 1024 * 1024
const fill = (part: string) => part.repeat(Math.floor((body - 64) / part.length))
const json = 'application/json'
const yaml = 'application/yaml'

// Each list names the one before it ten times: a thousand million items in a few lines.
const laughs = `a0: &a0 [x]\n${Array.from(
  { length: 9 },
  (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`,
).join('\n')}\n`

const bombs: [string, string, string][] = [
  ['nested lists', json, fill('[')],
  ['nested objects', json, fill('{"a":')],
  ['nested both ways', json, `${'['.repeat(body / 2 - 64)}${']'.repeat(body / 2 - 64)}`],
  ['a text without an end', json, `{"title":"${fill('x')}`],
  ['escapes without an end', json, `{"title":"${fill('\\u0041')}`],
  ['a number without an end', json, fill('9')],
  ['an exponent', json, `{"title":1e${fill('9')}}`],
  ['many members', json, `{${fill('"a":1,')}"a":1}`],
  ['many blocks', json, `{"title":"x","blocks":[${fill('{},')}{}]}`],
  ['references', yaml, laughs],
  ['references merged', yaml, 'a: &a {x: y}\nb: {<<: *a, <<: *a}\n'],
  ['a reference to itself', yaml, '&a [*a]\n'],
  ['tags', yaml, 'a: !!python/object/apply:os.system [id]\n'],
  ['many documents', yaml, fill('---\n')],
]

async function residentBytes(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}

// Processor time of the controller, in hundredths of a second.
async function ticks(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
  return Number(fields[11]) + Number(fields[12])
}

test('bombs are refused with little work and memory', async () => {
  const controller = await startController({ localAgents: 0 })
  try {
    const api = new Api(controller)
    const pid = controller.process.pid ?? 0
    const send = async (type: string, text: string | Uint8Array<ArrayBuffer>, more = {}) =>
      await fetch(`${controller.url}/runbooks`, {
        method: 'POST',
        body: text,
        headers: { 'X-API-KEY': controller.adminKey, 'Content-Type': type, ...more },
      })
    await send(json, `{"title": "${fill('x')}"}`) // what a large body takes anyway
    let before = await residentBytes(pid)
    for (const [name, type, text] of bombs) {
      let least = Infinity
      for (let tries = 0; tries < 3 && least > 20; tries += 1) {
        const began = await ticks(pid)
        const response = await send(type, text)
        expect([400, 413, 422], `${name}: ${response.status}`).toContain(response.status)
        expect((await response.text()).length, name).toBeLessThan(64 * 1024)
        least = Math.min(least, (await ticks(pid)) - began)
      }
      expect(least, `${name}: hundredths of a second`).toBeLessThanOrEqual(20)
      const after = await residentBytes(pid)
      expect(after - before, name).toBeLessThan(16 * body)
      before = after
    }
    // Nothing that comes compressed is unpacked.
    const zeros = Buffer.alloc(100 * body)
    for (const [encoding, packed] of [
      ['gzip', gzipSync(zeros)],
      ['deflate', deflateRawSync(zeros)],
    ] as const)
      for (const type of [json, yaml]) {
        const response = await send(type, new Uint8Array(packed), { 'Content-Encoding': encoding })
        expect([400, 415, 422], `${encoding} ${type}`).toContain(response.status)
      }
    expect((await residentBytes(pid)) - before).toBeLessThan(16 * body)
    expect((await api.request('GET', '/runbooks')).status).toBe(200)
  } finally {
    await controller.stop()
  }
})

test('messages of the live socket are never compressed, and none is larger than its limit', async ({
  api,
}) => {
  const open = async () => {
    const socket = new WebSocket(`${api.controller.url.replace('http', 'ws')}/live`, {
      headers: { 'X-API-KEY': api.controller.adminKey },
      perMessageDeflate: true,
    })
    await once(socket, 'open')
    return socket
  }
  const socket = await open()
  expect(socket.extensions).toBe('')
  // What is no request is answered as such; what is larger than a message may be ends the connection.
  for (const text of [fill('['), fill('{"sub":')]) {
    socket.send(text)
    const [answer] = (await once(socket, 'message')) as [Buffer]
    expect(JSON.parse(answer.toString())).toMatchObject({ event: 'error' })
  }
  const victim = await open()
  victim.on('error', () => {})
  const closed = once(victim, 'close')
  victim.send('x'.repeat(2 * body))
  expect((await closed)[0]).toBe(1009)
  socket.send('{"ping":1}')
  await once(socket, 'message')
  socket.close()
})

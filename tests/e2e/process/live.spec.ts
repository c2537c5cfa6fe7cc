// /live: state in order without a hole, output by offset without a seam, resumable.
import { WebSocket } from 'ws'
import type { Api, Execution } from '../support/api.ts'
import { sha256 } from '../support/api.ts'
import { expect, test } from '../support/fixtures.ts'

interface Event {
  event: string
  seq?: number
  index?: number
  step_id?: string
  agent_id?: string
  data?: Execution
}

interface Watched {
  events: Event[]
  output: Map<string, Buffer>
}

// Watches `execution` until `done` says so, then leaves. `from` resumes streams.
async function watch(
  api: Api,
  execution: string,
  from: Record<string, number>,
  done: (seen: Watched) => boolean,
): Promise<Watched> {
  const socket = new WebSocket(`${api.controller.url.replace('http', 'ws')}/live`, {
    headers: { 'X-API-KEY': api.controller.adminKey },
  })
  const seen: Watched = { events: [], output: new Map() }
  const streams = new Map<number, string>()
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.on('open', () => socket.send(JSON.stringify({ sub: { execution, from } })))
    socket.on('message', (data: Buffer, binary: boolean) => {
      if (binary) {
        const index = data.readUInt32BE(4)
        const key = `${streams.get(index)}/${data.readUInt8(2) === 1 ? 'stdout' : 'stderr'}`
        const held = seen.output.get(key) ?? Buffer.alloc(0)
        const offset = Number(data.readBigUInt64BE(8))
        if (offset !== held.length + (from[key] ?? 0)) reject(new Error(`${key}: gap at ${offset}`))
        seen.output.set(key, Buffer.concat([held, data.subarray(24)]))
      } else {
        const event = JSON.parse(data.toString()) as Event
        seen.events.push(event)
        if (event.event === 'stream') streams.set(event.index ?? -1, `${event.step_id}/${event.agent_id}`)
      }
      if (done(seen)) socket.close()
    })
  })
  return seen
}

const isOver = (seen: Watched) =>
  seen.events.some(
    (event) =>
      ['completed', 'failed'].includes(event.data?.status ?? '') &&
      ['execution', 'snapshot'].includes(event.event),
  )

test('a watcher sees every state in order and every byte once, also after it came back', async ({
  api,
}) => {
  const lines = Array.from({ length: 400 }, (_, i) => `line ${i}\n`).join('')
  const script =
    'i=0; while [ $i -lt 400 ]; do echo "line $i"; i=$((i+1)); [ $((i % 20)) = 0 ] && sleep 0.02; done'
  const id = await api.runCommand(script, ['local-1'])
  const first = await watch(api, id, {}, (seen) =>
    [...seen.output.values()].some((bytes) => bytes.length > 500),
  )
  expect(first.events[0].event).toBe('snapshot')
  const [key, head] = [...first.output][0]

  const second = await watch(api, id, { [key]: head.length }, (seen) => {
    const held = head.length + (seen.output.get(key)?.length ?? 0)
    return isOver(seen) && held >= lines.length
  })
  const seqs = second.events.filter((event) => event.seq !== undefined).map((event) => event.seq as number)
  expect(seqs).toEqual(seqs.map((_, i) => seqs[0] + i))
  const tail = second.output.get(key) ?? Buffer.alloc(0)
  expect(sha256(Buffer.concat([head, tail]))).toBe(sha256(lines))
})

// What is out of reach and what nobody has are answered alike, and after the same time: whoever asks learns
// nothing of what there is.
import { expect, test } from '../support/fixtures.ts'

const pairs = 250
const suspicious = 0.1 // more than four times what chance does to as many pairs

// How likely one of `some` took longer than one of `others`: a half when nothing tells them apart.
function likelihood(some: number[], others: number[]): number {
  let longer = 0
  for (const one of some) for (const other of others) longer += one > other ? 1 : one === other ? 0.5 : 0
  return longer / (some.length * others.length)
}

test('neither answer nor time tells what is out of reach from what is not there', async ({ api }) => {
  const block = { name: 'Wait', type: 'instruction', config: { text: 'x' } }
  const make = async (team: string) => (await api.createRunbook([block], { labels: { team } })).id
  const [own, foreign] = [await make('enumerated-own'), await make('enumerated-foreign')]
  const execution = await api.execute(foreign, [])
  const [agent] = await api.agentsOnline(1)
  const scope = { runbooks: 'team=enumerated-own', hosts: 'team=enumerated-own' }
  const { key } = await api.json<{ key: string }>('POST', '/api-keys', {
    name: 'limited',
    roles: [{ role: 'viewer', ...scope }],
  })
  const ask = async (path: string) => {
    const began = performance.now()
    const response = await fetch(api.controller.url + path, { headers: { 'X-API-KEY': key } })
    const text = await response.text()
    const took = performance.now() - began
    return { took, answer: `${response.status} ${text.replace(/"request_id":"[^"]*"/, '')}` }
  }
  expect((await ask(`/runbooks/${own}`)).answer).toMatch(/^200 /)

  const foreigners = [`/runbooks/${foreign}`, `/executions/${execution}`, `/agents/${agent?.id}`]
  for (const path of foreigners) {
    const measure = async () => {
      const times: { foreign: number[]; nobody: number[] } = { foreign: [], nobody: [] }
      for (let i = 0; i < pairs; i += 1) {
        const nobody = path.replace(/[^/]*$/, crypto.randomUUID())
        const both = [path, nobody]
        const [first, second] = [await ask(both[i % 2] ?? ''), await ask(both[1 - (i % 2)] ?? '')]
        expect(first.answer).toBe(second.answer)
        expect(first.answer).toMatch(/^404 /)
        times[i % 2 === 0 ? 'foreign' : 'nobody'].push(first.took)
        times[i % 2 === 0 ? 'nobody' : 'foreign'].push(second.took)
      }
      return Math.abs(likelihood(times.foreign, times.nobody) - 0.5)
    }
    // What tells them apart does so each time; a busy machine does not.
    let least = 1
    for (let tries = 0; tries < 4 && least > suspicious; tries += 1)
      least = Math.min(least, await measure())
    expect(least, path).toBeLessThanOrEqual(suspicious)
  }
  expect(likelihood([1, 1.2, 1.1], [2, 2.1, 2.2])).toBe(0) // that a difference would be seen
  await api.control(execution, 'stop')
})

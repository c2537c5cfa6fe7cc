// Bad input: a clear 4xx that names every fault, and one line in the log.
import { waitUntil } from '../support/controller.ts'
import { expect, test } from '../support/fixtures.ts'

interface Problem {
  status: number
  code: string
  request_id: string
  errors?: { pointer: string; code: string; message: string }[]
}

async function problem(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const body = (await response.json()) as Problem
  expect(body.status).toBe(response.status)
  expect(body.request_id).toBeTruthy()
  return body
}

test('five faults get one problem that names all five', async ({ api }) => {
  const response = await api.request('POST', '/runbooks', {
    title: '',
    surprise: true,
    labels: { 'bad key!': 'x' },
    blocks: [
      { name: 'A', type: 'teleport', config: {} },
      { name: 'B', type: 'command', config: { command: 42 } },
    ],
  })
  expect(response.status).toBe(422)
  const { errors } = await problem(response)
  expect(errors?.map((fault) => fault.pointer).sort()).toEqual([
    '/blocks/0/type',
    '/blocks/1/config/command',
    '/labels/bad key!',
    '/surprise',
    '/title',
  ])
})

const bodies: Record<string, [string | Uint8Array<ArrayBuffer>, number]> = {
  'malformed JSON': ['{"title": ', 400],
  'a NUL character': ['{"title": "a\\u0000b", "blocks": []}', 400],
  'invalid UTF-8': [new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
  'nesting past 64': ['['.repeat(65) + ']'.repeat(65), 400],
  'a wrong type': ['[]', 422],
  'a body over 1 MiB': [`{"title": "${'x'.repeat(1_100_000)}"}`, 413],
}

for (const [name, [body, status]] of Object.entries(bodies)) {
  test(`${name} gets ${status} and one line in the log`, async ({ api }) => {
    const response = await fetch(`${api.controller.url}/runbooks`, {
      method: 'POST',
      body,
      headers: { 'X-API-KEY': api.controller.adminKey, 'Content-Type': 'application/json' },
    })
    expect(response.status).toBe(status)
    const { request_id } = await problem(response)
    const lines = () =>
      api.controller
        .log()
        .split('\n')
        .filter((line) => line.includes(request_id))
    await waitUntil('the line is there', async () => lines().length > 0)
    expect(lines().length).toBe(1)
  })
}

test('no key, unknown ids, other methods and other media types are refused in order', async ({ api }) => {
  const { url } = api.controller
  expect((await fetch(`${url}/runbooks`)).status).toBe(401)
  expect((await fetch(`${url}/nothing`)).status).toBe(401)
  expect((await api.request('GET', '/nothing')).status).toBe(404)
  expect((await api.request('GET', `/runbooks/${crypto.randomUUID()}`)).status).toBe(404)
  expect((await api.request('GET', '/executions/not-an-id')).status).toBe(404)
  const other = await api.request('PATCH', '/runbooks')
  expect(other.status).toBe(405)
  expect(other.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST'])
  const text = await api.request('POST', '/runbooks', 'hello', { 'Content-Type': 'text/plain' })
  expect(text.status).toBe(415)
})

test('what is not built yet is refused at save, never ignored', async ({ api }) => {
  const response = await api.request('POST', '/runbooks', {
    title: 'later',
    blocks: [{ name: 'Drop', type: 'command', config: { command: 'true', output: 'drop' } }],
  })
  expect(response.status).toBe(422)
  const { errors } = await problem(response)
  expect(errors?.map((fault) => [fault.pointer, fault.code])).toEqual([
    ['/blocks/0/config/output', 'not_built'],
  ])
})

test('a placeholder that would not be one word of data is refused with its place', async ({ api }) => {
  const response = await api.request('POST', '/runbooks', {
    title: 'quoted',
    parameters: [{ name: 'x', type: 'string' }],
    blocks: [
      { name: 'Quoted', type: 'command', config: { command: 'true\necho "a ${{ params.x }}"' } },
      { name: 'Unknown', type: 'command', config: { command: 'echo ${{ params.y }}' } },
      { name: 'Wrong', type: 'condition', config: { expression: '1 +' } },
      { name: 'Back', type: 'condition', config: { expression: 'true', then: { goto: 'quoted' } } },
    ],
  })
  expect(response.status).toBe(422)
  const { errors } = await problem(response)
  expect(errors?.length).toBe(4)
  expect(errors?.[0].pointer).toBe('/blocks/0/config/command')
  expect(errors?.[0].message).toContain('line 2, column 9')
})

test('a run without hosts is refused', async ({ api }) => {
  const runbook = await api.createRunbook([{ name: 'Run', type: 'command', config: { command: 'true' } }])
  const path = `/runbooks/${runbook.id}/execute`
  expect((await api.request('POST', path, { approval: 'preapproved' })).status).toBe(422)
  const nobody = { approval: 'preapproved', targets: { hosts: ['nobody'] } }
  expect((await api.request('POST', path, nobody)).status).toBe(422)
  expect((await api.request('POST', path, { approval: 'sometimes' })).status).toBe(422)
})

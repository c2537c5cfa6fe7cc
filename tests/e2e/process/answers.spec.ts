// What every answer has, whatever was asked: protective headers, and nothing of the program's inside. Files
// stay in the folder of the user interface, in whatever spelling somebody asks for others.
import { expect, test } from '../support/fixtures.ts'
import type { Api } from '../support/api.ts'
import { type RawAnswer, rawRequest } from '../support/raw-http.ts'

const nobody = '00000000-0000-4000-8000-00000000dead'

// What must never be told: addresses in memory, sources, libraries, folders, somebody else's file.
const inside = new RegExp(
  [
    String.raw`\b0x[0-9a-f]{6,}\b|\.(?:cpp|hpp)\b`,
    String.raw`\b(?:pqxx|libpq|boost::|std::|SQLSTATE|terminate called)`,
    String.raw`(?:\/home|\/usr|\/var|\/tmp|\/work|\/etc)\/\w|\broot:x:0`,
  ].join('|'),
)

function expectProtected(what: string, answer: RawAnswer, isFile: boolean): void {
  const header = (name: string) => answer.headers.get(name) ?? ''
  expect(answer.status, what).toBeGreaterThanOrEqual(200)
  const policy = header('content-security-policy')
  expect(policy, what).toContain("frame-ancestors 'none'")
  expect(policy, what).toMatch(/default-src '(none|self)'/)
  expect(policy, what).not.toMatch(/unsafe-(inline|eval)|\*/)
  expect(header('x-content-type-options'), what).toBe('nosniff')
  expect(header('referrer-policy'), what).toBe('no-referrer')
  expect(header('cross-origin-opener-policy'), what).toBe('same-origin')
  expect(header('cross-origin-resource-policy'), what).toBe('same-origin')
  if (!isFile) expect(header('cache-control'), what).toBe('no-store')
  for (const name of ['server', 'x-powered-by', 'access-control-allow-origin'])
    expect(answer.headers.has(name), `${what}: ${name}`).toBe(false)
  if (answer.status >= 400) expect(answer.body, what).not.toMatch(inside)
  if (answer.status >= 400) expect(answer.body, what).not.toMatch(/\b\d+\.\d+\.\d+\b/)
}

interface Description {
  paths: Record<string, Record<string, { requestBody?: unknown }>>
}

// Every operation of the API description, with ids of nothing.
async function operations(api: Api): Promise<{ method: string; path: string }[]> {
  const { paths } = await api.json<Description>('GET', '/openapi.json')
  return Object.entries(paths).flatMap(([path, members]) =>
    Object.keys(members)
      .filter((method) => /^(get|put|post|patch|delete)$/.test(method))
      .map((method) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, nobody) })),
  )
}

test('every route, error and file has the protective headers, and no error tells of the inside', async ({
  api,
}) => {
  const { url, adminKey } = api.controller
  const ask = async (method: string, target: string, headers: Record<string, string> = {}, body = '') => {
    const answer = await rawRequest(url, method, target, headers, body)
    const isFile = /^\/($|ui)/.test(target)
    expectProtected(`${method} ${target} ${JSON.stringify(headers)} ${answer.status}`, answer, isFile)
    return answer
  }
  const key = { 'X-API-KEY': adminKey }
  const json = { ...key, 'Content-Type': 'application/json' }
  const all = await operations(api)
  expect(all.length).toBeGreaterThan(40)
  for (const { method, path } of all) {
    if (path === '/session' && method === 'DELETE') continue
    await Promise.all([
      ask(method, path),
      ask(method, path, { 'X-API-KEY': 'wrong key' }),
      ask('PROPFIND', path, key),
      method === 'GET' ? ask(method, `${path}?limit=x&%zz`, key) : ask(method, path, json, '{"a": '),
      ...(method === 'GET' && path !== '/live' ? [ask(method, path, key)] : []),
    ])
  }
  const page = await ask('GET', '/ui/')
  const assets = [...page.body.matchAll(/(?:src|href)="(\/ui\/[^"]+)"/g)].map((match) => match[1] ?? '')
  expect(assets.length).toBeGreaterThan(1)
  for (const target of ['/', '/ui', '/ui/none.js', '/ui/runbooks', ...assets]) await ask('GET', target)
  for (const target of ['/%zz', '/nothing', '/%00', 'http://other.example/', `/${'x'.repeat(20_000)}`])
    await ask('GET', target, key)
  await ask('POST', '/runbooks', json, `{"title": "${'x'.repeat(1_100_000)}"}`)
  await ask('GET', '/runbooks', { ...key, Expect: 'tea' })
})

const climbs = [
  '../',
  '..%2f',
  '%2e%2e/',
  '%2e%2e%2f',
  '..\\',
  '..%5c',
  '%252e%252e%252f',
  '..;/',
  '....//',
  '.%2e/',
]
const roots = ['/ui/', '/ui/assets/', '/', '//']
const wanted = ['etc/passwd', 'etc/shadow', 'proc/self/environ']
const odd = [
  '/ui/%00',
  '/ui/index.html%00.js',
  '/ui/index.html%20',
  '/ui/.git/config',
  '/ui/.env',
  '/ui/.htaccess',
  '/ui/index.html.br',
  '/ui/index.html~',
  '/ui/assets/',
  '/ui//etc/passwd',
  '/ui/file:///etc/passwd',
  '/ui/@/etc/passwd',
  '/ui/@etc/passwd',
  '/ui/%2fetc%2fpasswd',
  '/ui/%c0%ae%c0%ae/etc/passwd',
  '/ui/..%c0%afetc/passwd',
  '/ui/%uff0e%uff0e/etc/passwd',
  '/ui/C:/windows/win.ini',
  '/ui/con',
  '/ui/|id',
]

test('no spelling of a path reaches another file', async ({ api }) => {
  const { url, adminKey } = api.controller
  const page = (await rawRequest(url, 'GET', '/ui/')).body
  const spellings = [
    ...climbs.flatMap((climb) =>
      roots.flatMap((root) => wanted.map((file) => `${root}${climb.repeat(8)}${file}`)),
    ),
    ...odd,
  ]
  expect(spellings.length).toBeGreaterThanOrEqual(120)
  let refused = 0
  for (const target of spellings) {
    const answer = await rawRequest(url, 'GET', target, { 'X-API-KEY': adminKey })
    expect(answer.body, target).not.toMatch(/root:|PATH=|\[fonts\]/)
    // An address of the user interface that it does not know gets its page; nothing else is there.
    if (answer.status === 200) expect(answer.body, target).toBe(page)
    else expect([400, 404], `${target}: ${answer.status}`).toContain(answer.status)
    if (answer.status !== 200) refused += 1
  }
  expect(refused).toBeGreaterThan(spellings.length / 4)
})

test('what a query names is no path, and "@" reads no file', async ({ api }) => {
  const id = await api.runCommand('echo "$RUNBOOK_VALUE_1"; echo done', ['local-1'])
  const { steps } = await api.waitFor(id)
  const output = `/executions/${id}/steps/${steps[0]?.id}/output`
  for (const name of [
    '../../../etc/passwd',
    '/etc/passwd',
    '@/etc/passwd',
    'file:///etc/passwd',
    '%2e%2e%2fetc',
  ]) {
    const answer = await api.request('GET', `${output}?host=${encodeURIComponent(name)}`)
    expect(answer.status, name).toBe(422)
    expect(await answer.text(), name).not.toContain('root:')
  }
  const runbook = await api.createRunbook(
    [{ name: 'Say', type: 'command', config: { command: 'echo ${{ params.value }}' } }],
    { parameters: [{ name: 'value', type: 'string' }] },
  )
  const said = await api.execute(runbook.id, ['local-1'], { parameters: { value: '@/etc/passwd' } })
  expect((await api.waitFor(said)).steps[0]?.output).toBe('@/etc/passwd\n')
})

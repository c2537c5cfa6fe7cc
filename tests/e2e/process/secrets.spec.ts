// Secrets are planted (a secret parameter, a key file of several lines, tokens of requests) and sent through
// every way out there is, in every form programs show them in. Then everything that can be read is searched:
// answers, events, output, exports, metrics, logs, the database and every file. Nothing may be found.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { WebSocket } from 'ws'
import { Api, type Execution } from '../support/api.ts'
import { type Controller, startController } from '../support/controller.ts'
import { postgresProgram } from '../support/database.ts'
import { expect, test } from '../support/fixtures.ts'
import { type HttpTarget, startHttpTarget } from '../support/http-target.ts'
import { type Hit, findSecret, percent } from '../support/secret-forms.ts'

const execute = promisify(execFile)
const random = (bytes = 12) => randomBytes(bytes).toString('hex')

// No form of one is a part of another: each is found only where it was shown itself.
const planted = {
  token: `Zk"7\\q/+ &%é?='${random()}`,
  deploy_key: `-----BEGIN PLANTED KEY-----\n${random(24)}\n${random(24)}==\n-----END PLANTED KEY-----\n`,
  bearer: `tok-${random()}`,
  password: `pw-${random()}`,
  header: `hdr-${random()}`,
}

// No secret: what a command makes of it must be found wherever output can be read.
const marker = random()

// Everything that anybody was told, by where it was told.
const told: { where: string; content: Buffer | string }[] = []

class Listening extends Api {
  override async request(...args: Parameters<Api['request']>): Promise<Response> {
    const response = await super.request(...args)
    const where = `${args[0]} ${args[1].split('?')[0]}`
    const headers = JSON.stringify([...response.headers])
    told.push({ where, content: `${headers}\n${await response.clone().text()}` })
    return response
  }
}

let controller: Controller
let api: Listening
let target: HttpTarget
let socket: WebSocket

test.beforeAll(async () => {
  controller = await startController({
    localAgents: 1,
    allowApiTarget: '127.0.0.0/8',
    environment: { RUNBOOK_LOG_LEVEL: 'debug' },
  })
  api = new Listening(controller)
  await api.agentsOnline(1)
  // Says everything it was told, in its headers too; some ways never answer.
  target = await startHttpTarget((request, response) => {
    if (request.url.startsWith('/never')) return
    const sent = JSON.stringify({
      ...request,
      again: Buffer.from(JSON.stringify(request)).toString('base64'),
    })
    const status = request.url.startsWith('/broken') ? 500 : request.url.startsWith('/moved') ? 302 : 200
    const authorization = String(request.headers.authorization ?? request.headers['x-pay'] ?? 'none')
    response.writeHead(status, {
      'Content-Type': 'application/json',
      'X-Echo': Buffer.from(authorization).toString('latin1'),
      ...(status === 302 && { Location: `/echo?to=${encodeURIComponent(authorization)}` }),
    })
    response.end(sent)
  })
})
test.afterAll(async () => {
  socket?.close()
  await target?.stop()
  await controller?.stop()
})

const perl = (program: string) => `printf %s "$RUNBOOK_PARAM_TOKEN" | perl -0777 -pe '${program}'; echo`
const key = '"$RUNBOOK_CREDENTIAL_DEPLOY_KEY"'

// What each command does with the parameter or the key file.
const ways: Record<string, string | Record<string, unknown>> = {
  plain: `printf '%s\\n' "$RUNBOOK_PARAM_TOKEN"`,
  'standard error': `printf '%s\\n' "$RUNBOOK_PARAM_TOKEN" >&2`,
  placeholder: `printf '%s\\n' \${{ params.token }}`,
  'without a line end': `printf %s "$RUNBOOK_PARAM_TOKEN"`,
  'byte by byte': `printf %s "$RUNBOOK_PARAM_TOKEN" | perl -0777 -ne 'syswrite(STDOUT, $_) for split //'`,
  environment: 'env',
  trace: 'set -x; : "$RUNBOOK_PARAM_TOKEN"',
  'an error of a program': 'ls "/nowhere/$RUNBOOK_PARAM_TOKEN"',
  'a failed command': `printf '%s\\n' "$RUNBOOK_PARAM_TOKEN"; exit 3`,
  'a failed shell': '"$RUNBOOK_PARAM_TOKEN"',
  'a process killed by a signal': `printf '%s\\n' "$RUNBOOK_PARAM_TOKEN"; kill -9 $$`,
  timeout: { command: `printf '%s\\n' "$RUNBOOK_PARAM_TOKEN"; sleep 60`, timeout_seconds: 1 },
  'no such user': { command: 'true ${{ params.token }}', run_as: 'nobody-of-this-name' },
  'environment of the block': {
    command: 'echo "$SHOWN"',
    environment: { SHOWN: 'a ${{ params.token }} b' },
  },
  'program without a shell': { argv: ['/bin/sh', '-c', 'env; exit 4'] },
  base64: `printf %s "$RUNBOOK_PARAM_TOKEN" | base64 -w 0`,
  'base64 one further': `printf 'x%s' "$RUNBOOK_PARAM_TOKEN" | base64 -w 0`,
  'base64 two further': `printf 'xy%s' "$RUNBOOK_PARAM_TOKEN" | base64 -w 0`,
  'base64 in lines': `printf %s "$RUNBOOK_PARAM_TOKEN" | base64 -w 20`,
  'base64 for URLs': `printf %s "$RUNBOOK_PARAM_TOKEN" | base64 -w 0 | tr '+/' '-_'`,
  URL: perl('s/([^A-Za-z0-9_.~-])/sprintf("%%%02X", ord($1))/ge'),
  'URL in small letters': perl('s/([^A-Za-z0-9_.~-])/sprintf("%%%02x", ord($1))/ge'),
  JSON: perl('s/(["\\\\])/\\\\$1/g'),
  hex: `printf %s "$RUNBOOK_PARAM_TOKEN" | od -An -v -tx1 | tr -d ' \\n'`,
  'hex in capitals': `printf %s "$RUNBOOK_PARAM_TOKEN" | od -An -v -tx1 | tr -d ' \\n' | tr a-f A-F`,
  marker: 'printf %s "$RUNBOOK_PARAM_MARKER" | tr a-f A-F; cat ' + key,
  'key file': `cat ${key}`,
  'a line of the key file': `sed -n 2p ${key}; sed -n 3p ${key} >&2`,
  'key file as JSON': `perl -0777 -pe 's/\\n/\\\\n/g' ${key}`,
  'key file in base64': `base64 ${key}`,
  'key file in hex': `od -An -v -tx1 ${key} | tr -d ' \\n'`,
  'token file': 'cat "$RUNBOOK_CREDENTIAL_BEARER"; exit 5',
}

const slug = (name: string) => name.toLowerCase().replaceAll(' ', '_')
const commands = Object.entries(ways).map(([name, way]) => ({
  name,
  slug: slug(name),
  type: 'command',
  on_failure: 'continue',
  config: {
    credentials: ['deploy_key', 'bearer'],
    ...(typeof way === 'string' ? { command: way } : way),
  },
}))

const request = (name: string, config: Record<string, unknown>) => ({
  name,
  slug: slug(name),
  type: 'api',
  on_failure: 'continue',
  config: { retries: 1, timeout_seconds: 2, ...config },
})
const requests = () => [
  request('bearer', { url: `${target.url}/echo`, credential: 'bearer' }),
  request('basic', { url: `${target.url}/echo`, credential: 'basic', auth: 'basic' }),
  request('own header', { url: `${target.url}/echo`, credential: 'header', auth: 'header' }),
  request('parameter in the address', {
    url: `${target.url}/echo/\${{ params.token }}?q=\${{ params.token }}`,
  }),
  request('parameter in header and body', {
    method: 'POST',
    url: `${target.url}/echo`,
    query: { q: '${{ params.token }}' },
    body: { text: '${{ params.token }}' },
  }),
  request('broken', { url: `${target.url}/broken?q=\${{ params.token }}`, credential: 'bearer' }),
  request('moved', { url: `${target.url}/moved`, credential: 'bearer' }),
  request('never answered', { url: `${target.url}/never/\${{ params.token }}`, credential: 'bearer' }),
  request('nobody there', {
    url: 'http://127.0.0.1:9/${{ params.token }}',
    credential: 'basic',
    auth: 'basic',
  }),
  request('not reachable', { url: 'http://192.0.2.1/${{ params.token }}', credential: 'bearer' }),
]

const others = [
  {
    name: 'Told',
    type: 'instruction',
    config: { text: 'The token is `${{ params.token }}`.', acknowledge: false },
  },
  {
    name: 'Not a number',
    type: 'condition',
    on_failure: 'continue',
    config: { expression: 'int(params.token) > 3' },
  },
  {
    name: 'Not there',
    type: 'condition',
    on_failure: 'continue',
    config: { expression: '{"a": 1}[params.token] == 1' },
  },
]

const approved = {
  title: 'approved',
  parameters: [{ name: 'token', type: 'string', secret: true, required: true }],
  blocks: [
    {
      name: 'Approved',
      type: 'command',
      config: {
        command: `printf '%s\\n' \${{ params.token }}`,
        environment: { SHOWN: '${{ params.token }}' },
        credentials: ['deploy_key'],
      },
    },
  ],
}

function listen(execution: string): void {
  socket = new WebSocket(`${controller.url.replace('http', 'ws')}/live`, {
    headers: { 'X-API-KEY': controller.adminKey },
  })
  socket.on('open', () => {
    for (const sub of [{ execution }, { executions: true }, { agents: true }])
      socket.send(JSON.stringify({ sub }))
  })
  socket.on('message', (data: Buffer) => told.push({ where: 'WebSocket /live', content: data }))
}

async function makeCredentials(): Promise<void> {
  const secrets = {
    deploy_key: ['ssh', planted.deploy_key],
    bearer: ['api', planted.bearer],
    basic: ['api', `mina:${planted.password}`],
    header: ['api', `X-Pay: ${planted.header}`],
    gone: ['api', planted.bearer],
  }
  for (const [name, [type, secret]] of Object.entries(secrets))
    await api.json('POST', '/credentials', { name, type, secret })
  const { items } = await api.json<{ items: { id: string; name: string }[] }>('GET', '/credentials')
  const id = (name: string) => items.find((item) => item.name === name)?.id
  await api.request('PUT', `/credentials/${id('bearer')}`, { secret: planted.bearer })
  await api.request('DELETE', `/credentials/${id('gone')}`)
}

// Requests that are refused, and say why.
async function refusals(runbook: string, host: string): Promise<void> {
  const path = `/runbooks/${runbook}/execute`
  const { token } = planted
  const targets = { hosts: [host] }
  for (const body of [
    { parameters: { token, other: token }, targets },
    { parameters: { token: { a: token } }, targets },
    { parameters: { token }, targets: { hosts: ['nobody'] } },
    { parameters: { token, pin: token }, targets },
    `{"parameters": {"token": ${JSON.stringify(token)}, `,
  ])
    expect((await api.request('POST', path, body)).status).toBeGreaterThanOrEqual(400)
  const again = { 'Idempotency-Key': 'same' }
  await api.request('POST', path, { parameters: { token }, targets: { hosts: ['nobody'] } }, again)
  for (const secret of ['', planted.bearer, 7])
    await api.request('POST', '/credentials', { name: 'bearer', type: 'api', secret, also: planted.bearer })
}

async function readAll(execution: Execution): Promise<void> {
  const { id } = execution
  for (const path of [`/executions/${id}`, `/executions/${id}?fields=summary`])
    await api.request('GET', path)
  for (const step of execution.steps) {
    const base = `/executions/${id}/steps/${step.id}`
    for (const way of ['/hosts', '/output', '/output?stream=stdout', '/output?stream=stderr'])
      await api.request('GET', base + way)
    await api.request('GET', `${base}/output/search?q=${encodeURIComponent(planted.token.slice(0, 7))}`)
  }
}

async function readExports(runbooks: string[]): Promise<void> {
  for (const runbook of runbooks) {
    await api.request('GET', `/runbooks/${runbook}`)
    await api.request('GET', `/runbooks/${runbook}`, undefined, { Accept: 'application/yaml' })
    await api.request('GET', `/executions?runbook_id=${runbook}`)
  }
  await api.request('GET', '/audit', undefined, { Accept: 'application/jsonl' })
  for (const path of ['audit', 'metrics', 'credentials', 'executions', 'approvals', 'agents', 'runbooks'])
    await api.request('GET', `/${path}`)
}

async function keep(): Promise<void> {
  const { dataDir } = controller
  const [, folder] = (await readFile(join(dataDir, 'run/postgres.pid'), 'utf8')).split('\n')
  const where = ['-h', folder ?? '', '-U', 'runbook', '-d', 'runbook']
  const dump = await execute(await postgresProgram('pg_dump'), where, { maxBuffer: 1 << 28 })
  expect(dump.stdout).toContain('COPY public.output_chunk')
  told.push({ where: 'database', content: dump.stdout })
  for (const entry of await readdir(dataDir, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const content = await readFile(file).catch(() => undefined) // PostgreSQL takes some away
    if (content) told.push({ where: file.slice(dataDir.length + 1), content })
  }
  told.push({ where: 'log', content: controller.log() })
}

test('nothing that is secret is found anywhere, whatever way it went', async () => {
  test.setTimeout(600_000)
  const [agent] = await api.agentsOnline(1)
  const host = agent?.host ?? ''
  await makeCredentials()
  const parameters = [
    { name: 'token', type: 'string', secret: true, required: true },
    { name: 'pin', type: 'integer', secret: true },
    { name: 'marker', type: 'string' },
  ]
  const runbook = await api.createRunbook([...commands, ...requests(), ...others], { parameters })
  const asked = await api.json<{ id: string }>('POST', '/runbooks', approved)
  await refusals(runbook.id, host)
  const given = { parameters: { token: planted.token } }
  const both = { parameters: { ...given.parameters, marker } }

  const dry = await api.request('POST', `/runbooks/${runbook.id}/execute`, {
    ...both,
    targets: { hosts: [host] },
    dry_run: true,
  })
  expect(dry.status).toBe(200)
  const waiting = await api.execute(asked.id, [host], { ...given, approval: 'each' })
  const step = await api.waitForStep(waiting, 'approved', ['awaiting_approval'])
  expect(step.approval?.commands[0]).toMatchObject({ credentials: [{ name: 'deploy_key' }] })

  const id = await api.execute(runbook.id, [host], both)
  listen(id)
  const done = await api.waitFor(id, ['completed', 'failed'], 400_000)
  expect(await api.act(waiting, step, 'approve', { digest: step.approval?.digest })).toBe(202)
  const confirmed = await api.waitFor(waiting)
  expect(confirmed.status).toBe('completed')

  // The ways were gone: each command printed what became a mask, and the servers were told the secrets.
  for (const name of Object.keys(ways)) {
    const went = done.steps.find((each) => each.slug === slug(name))
    expect([name, went?.status]).toEqual([name, expect.stringMatching(/success|error/)])
    if (name !== 'no such user')
      expect([name, went?.output]).toEqual([name, expect.stringContaining('******')])
  }
  const seen = JSON.stringify(target.seen)
  for (const secret of [planted.bearer, planted.header, percent(planted.token, false)])
    expect(seen).toContain(secret)

  await readAll(done)
  await readAll(confirmed)
  await readExports([runbook.id, asked.id])
  await keep()

  const found = (text: string) =>
    told.flatMap(({ where, content }) => findSecret(text, where, content).map((hit) => hit.where))
  expect(found(marker.toUpperCase())).toEqual(
    expect.arrayContaining(['WebSocket /live', `GET /executions/${id}`, 'database']),
  )
  const hits: (Hit & { secret: string })[] = []
  for (const [secret, text] of Object.entries(planted))
    for (const { where, content } of told)
      hits.push(...findSecret(text, where, content).map((hit) => ({ secret, ...hit })))
  expect(hits).toEqual([])
  expect(Object.keys(ways).length + requests().length + others.length).toBeGreaterThanOrEqual(30)
})

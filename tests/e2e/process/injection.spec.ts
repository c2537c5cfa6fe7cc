// Texts that would be SQL in a statement put together from texts: given to every parameter of every list and
// search they are texts that nothing is called, whatever they say and however long they would take.
import { expect, test } from '../support/fixtures.ts'
import type { Api } from '../support/api.ts'

const payloads = [
  "'",
  '"',
  '\\',
  "\\'",
  "' OR 1=1 --",
  "') OR ('1'='1",
  "1' AND '1'='1",
  "' UNION SELECT version(),NULL,NULL--",
  "'; SELECT pg_sleep(90); --",
  "' || pg_sleep(90) || '",
  '1; SELECT pg_sleep(90)',
  "'; DROP TABLE runbook; --",
  "' AND CAST((SELECT version()) AS int)=1 --",
  "%' OR '%'='",
  '%',
  '$1::text',
  '1 OR 1=1',
  "x'; COPY (SELECT 1) TO PROGRAM 'id'; --",
]

interface Parameter {
  $ref?: string
  name?: string
  in?: string
}
interface Description {
  paths: Record<string, Record<string, { parameters?: Parameter[] }> & { parameters?: Parameter[] }>
  components: { parameters: Record<string, Parameter> }
}

// Every parameter of every GET: path with ids of something, name.
async function questions(api: Api, ids: Record<string, string>): Promise<{ path: string; name: string }[]> {
  const { paths, components } = await api.json<Description>('GET', '/openapi.json')
  return Object.entries(paths).flatMap(([pattern, members]) => {
    const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? crypto.randomUUID())
    const known = [...(members.get?.parameters ?? []), ...(members.parameters ?? [])]
    return known
      .map((each) => components.parameters[each.$ref?.split('/').at(-1) ?? ''] ?? each)
      .filter((each) => each.in === 'query' && each.name !== 'follow')
      .map((each) => ({ path, name: each.name ?? '' }))
  })
}

test('no parameter of a list or search is read as SQL', async ({ api }) => {
  test.setTimeout(300_000)
  const id = await api.runCommand('echo said', ['local-1'])
  const { steps } = await api.waitFor(id)
  const { items } = await api.json<{ items: { id: string; version: { id: string } }[] }>('GET', '/runbooks')
  const agents = await api.json<{ items: { id: string }[] }>('GET', '/agents')
  const all = await questions(api, {
    job_id: id,
    step_id: steps[0]?.id ?? '',
    runbook_id: items[0]?.id ?? '',
    version_id: items[0]?.version.id ?? '',
    agent_id: agents.items[0]?.id ?? '',
  })
  expect(all.length).toBeGreaterThan(30)
  let asked = 0
  for (const { path, name } of all) {
    const ask = async (value: string) => {
      const response = await api.request('GET', `${path}?${name}=${encodeURIComponent(value)}`)
      return { status: response.status, body: await response.text() }
    }
    const harmless = await ask('zzqx-nothing-is-called-so')
    const began = Date.now()
    const answers = await Promise.all(
      payloads.map(async (payload) => ({ payload, ...(await ask(payload)) })),
    )
    expect(Date.now() - began, `${path} ${name} waits`).toBeLessThan(60_000)
    for (const { payload, status, body } of answers) {
      const what = `${path}?${name}=${payload}: ${status} ${body.slice(0, 200)}`
      expect([200, 400, 404, 422], what).toContain(status)
      if (harmless.status !== 200) expect(status, what).not.toBe(200)
      expect(body, what).not.toMatch(
        /syntax error at|PostgreSQL \d|runbook_controller|pg_catalog|unterminated/,
      )
      // Nothing has such a text in it: what is answered is what any other such text would be.
      const isRare = payload.length > 5 && status === 200 && harmless.status === 200
      if (isRare && !body.includes(JSON.stringify(payload).slice(1, -1)))
        expect(body.length, what).toBeLessThanOrEqual(harmless.body.length)
      asked += 1
    }
  }
  expect(asked).toBeGreaterThan(500)
  expect((await api.request('GET', '/runbooks')).status).toBe(200)
})

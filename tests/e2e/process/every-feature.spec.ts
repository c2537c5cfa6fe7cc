// The sample with every feature runs to its end; a runbook of a thousand blocks saves and runs.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { Api, ended } from '../support/api.ts'
import { startController, waitUntil } from '../support/controller.ts'
import { answerJson, startHttpTarget } from '../support/http-target.ts'

const sample = resolve(import.meta.dirname, '../../../db/samples/every-feature.yaml')
const address = 'http://127.0.0.1:8080'

const skipped = ['only_large', 'over_one', 'over_two', 'left_out']

// Ticks off and approves whatever waits, until the execution ended.
async function carryThrough(api: Api, id: string): Promise<void> {
  await waitUntil(
    'the run ended',
    async () => {
      const execution = await api.execution(id)
      for (const step of execution.steps) {
        if (step.status === 'awaiting_input') await api.act(id, step, 'complete', { note: 'read' })
        if (step.status === 'awaiting_approval') {
          await api.act(id, step, 'approve', { digest: step.approval?.digest })
        }
      }
      return ended.includes(execution.status)
    },
    120_000,
  )
}

test('the tour of every feature runs on two hosts, every step as it should', async () => {
  const target = await startHttpTarget((request, response) => {
    if (request.url.startsWith('/healthz')) answerJson(response, 200, { status: 'ok' })
    else answerJson(response, 404, {})
  })
  const controller = await startController({ allowApiTarget: '127.0.0.0/8' })
  try {
    const api = new Api(controller)
    await api.agentsOnline(2)
    const text = (await readFile(sample, 'utf8')).replaceAll(address, target.url)
    const created = await api.request('POST', '/runbooks', text, { 'Content-Type': 'application/yaml' })
    expect(created.status, await created.clone().text()).toBe(201)
    const runbook = (await created.json()) as { id: string; blocks: unknown[] }
    expect(runbook.blocks.length).toBe(50)
    const kept = await api.request('GET', `/runbooks/${runbook.id}`, undefined, {
      Accept: 'application/yaml',
    })
    expect(await kept.text()).toBe(text)

    const id = await api.execute(runbook.id, ['local-1', 'local-2'], {
      approval: 'each',
      parameters: { greeting: `good 'day' $(all)` },
    })
    await carryThrough(api, id)
    const execution = await api.execution(id)
    const failures = execution.steps.filter((step) => step.status === 'error').map((step) => step.reason)
    expect(execution.status, failures.join('\n')).toBe('completed')
    const status = (slug: string) => execution.steps.findLast((step) => step.slug === slug)?.status
    for (const step of execution.steps) {
      const last = step === execution.steps.findLast((each) => each.slug === step.slug)
      const expected = skipped.includes(step.slug)
        ? 'skipped'
        : step.slug === 'may_fail' || !last
          ? 'error'
          : 'success'
      expect(step.status, `${step.slug}: ${step.reason}`).toBe(expected)
    }
    expect(status('second_try')).toBe('success')
    const output = async (slug: string) => {
      const step = await api.step(id, slug)
      return (await api.output(id, step.id, '?host=local-1')).toString()
    }
    expect(await output('greet')).toBe(`good 'day' $(all) from local-1\n`)
    expect(await output('without_shell')).toBe('two words|$HOME stays as it is\n')
    expect(await output('another_shell')).toBe(`2 words, two three, greeting=good 'day' $(all)\n`)
    expect(await output('variables')).toBe('/tmp 5 fixed 3\n')
    expect(await output('hand_over')).toBe('hosts seen: 2\nstates: ["success","success"]\n')
    expect(await output('quoted')).toBe('<it\'s; $(not run) `at all` "ever">\n<end>\n')
    expect(await output('answer')).toBe('status 200\n')
    const query = target.seen.find((request) => request.url.includes('greeting='))
    expect(query?.url).toBe(`/healthz?greeting=good%20%27day%27%20%24%28all%29&run=${id}`)
    expect(query?.headers['x-tour']).toBe('size small')
    const sent = target.seen.find((request) => request.method === 'POST')
    const body = JSON.parse(sent?.body ?? 'null') as { hosts: string[] }
    expect({ ...body, hosts: body.hosts.sort() }).toEqual({
      greeting: `good 'day' $(all)`,
      rounds: 3,
      hosts: ['local-1', 'local-2'],
      thorough: true,
    })
  } finally {
    await controller.stop()
    await target.stop()
  }
})

test('a runbook of a thousand blocks saves and runs', async () => {
  const controller = await startController({ localAgents: 1 })
  try {
    const api = new Api(controller)
    await api.agentsOnline(1)
    const blocks = Array.from({ length: 1000 }, (_, i) =>
      i % 2 === 0
        ? { name: `Block ${i}`, type: 'command', config: { command: `echo ${i}`, approval: 'none' } }
        : i % 4 === 1
          ? { name: `Block ${i}`, type: 'instruction', config: { text: `read ${i}`, acknowledge: false } }
          : {
              name: `Block ${i}`,
              type: 'condition',
              config: { expression: `steps.block_${i - 1}.stdout == "${i - 1}\\n"`, else: 'fail' },
            },
    )
    const runbook = await api.createRunbook(blocks)
    const execution = await api.waitFor(await api.execute(runbook.id, ['local-1']), ended, 150_000)
    expect(execution.status).toBe('completed')
    expect(execution.steps.length).toBe(1000)
    expect(new Set(execution.steps.map((step) => step.status))).toEqual(new Set(['success']))
    expect(execution.steps[998].output).toBe('998\n')
    const tooLong = await api.request('POST', '/runbooks', {
      title: 'too long',
      blocks: [...blocks, { name: 'One more', type: 'instruction', config: { text: 'x' } }],
    })
    expect(tooLong.status).toBe(422)
  } finally {
    await controller.stop()
  }
})

// What people do to a run: approve, reject, pause, resume, skip, retry, a step range, a dry run.
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '../support/controller.ts'
import { expect, test } from '../support/fixtures.ts'

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

test('a command waits for its approval and runs exactly what was shown', async ({ api }) => {
  const runbook = await api.createRunbook(
    [{ name: 'Greet', type: 'command', config: { command: 'echo hello ${{ params.who }}' } }],
    { parameters: [{ name: 'who', type: 'string', default: 'world' }] },
  )
  const id = await api.execute(runbook.id, ['local-1', 'local-2'], { approval: 'each' })
  const waiting = await api.waitForStep(id, 'greet', ['awaiting_approval'])
  expect((await api.execution(id)).status).toBe('awaiting_approval')
  const approval = waiting.approval
  expect(approval?.digest).toMatch(/^[0-9a-f]{64}$/)
  expect(approval?.commands.map((each) => each.host)).toEqual(['local-1', 'local-2'])
  expect(approval?.commands[0].command).toContain('echo hello')
  expect(waiting.hosts.map((host) => host.status)).toEqual(['queued', 'queued'])

  expect(await api.act(id, waiting, 'approve', { digest: '0'.repeat(64) })).toBe(409)
  expect(await api.act(id, waiting, 'approve', {})).toBe(422)
  const viewer = await api.as('a viewer', ['viewer'])
  expect(await viewer.act(id, waiting, 'approve', { digest: approval?.digest })).toBe(403)
  const operator = await api.as('another operator', ['operator'])
  expect(await operator.act(id, waiting, 'approve', { digest: approval?.digest })).toBe(403)
  expect(await api.act(id, waiting, 'approve', { digest: approval?.digest, note: 'go' })).toBe(202)
  expect(await api.act(id, waiting, 'approve', { digest: approval?.digest })).toBe(409)
  const execution = await api.waitFor(id)
  expect(execution.status).toBe('completed')
  expect(execution.steps[0].output).toBe('hello world\nhello world\n')
  expect(execution.steps[0].approval?.given[0].note).toBe('go')
})

test('two other people must approve, each once', async ({ api }) => {
  const runbook = await api.createRunbook([
    {
      name: 'Danger',
      type: 'command',
      config: { command: 'echo done', approval: { required: 2, other_person: true } },
    },
  ])
  const id = await api.execute(runbook.id, ['local-1'])
  const waiting = await api.waitForStep(id, 'danger', ['awaiting_approval'])
  const body = { digest: waiting.approval?.digest }
  expect(await api.act(id, waiting, 'approve', body)).toBe(403) // requester and author
  const first = await api.as('first approver', ['approver'])
  expect(await first.act(id, waiting, 'approve', body)).toBe(202)
  const again = await api.as('first approver', ['approver']) // another key of the same person
  expect(await again.act(id, waiting, 'approve', body)).toBe(409)
  expect((await api.step(id, 'danger')).status).toBe('awaiting_approval')
  const second = await api.as('second approver', ['approver'])
  expect(await second.act(id, waiting, 'approve', body)).toBe(202)
  expect((await api.waitFor(id)).status).toBe('completed')
})

test('a rejection and an approval that comes too late end the run as stopped', async ({ api }) => {
  const runbook = await api.createRunbook([
    {
      name: 'Ask',
      type: 'command',
      config: { command: 'echo no', approval: { required: 1, other_person: false, expires_seconds: 1 } },
    },
    { name: 'Never', type: 'command', config: { command: 'echo never' } },
  ])
  const late = await api.execute(runbook.id, ['local-1'], { approval: 'each' })
  expect((await api.waitFor(late)).status).toBe('stopped')
  expect((await api.step(late, 'ask')).reason).toContain('approved')

  const patient = await api.createRunbook([
    { name: 'Ask', type: 'command', config: { command: 'echo no' } },
  ])
  const id = await api.execute(patient.id, ['local-1'], { approval: 'each' })
  const waiting = await api.waitForStep(id, 'ask', ['awaiting_approval'])
  expect(await api.act(id, waiting, 'reject', {})).toBe(422)
  expect(await api.act(id, waiting, 'reject', { reason: 'not tonight' })).toBe(202)
  const execution = await api.waitFor(id)
  expect(execution.status).toBe('stopped')
  expect(execution.steps[0].status).toBe('stopped')
  expect(execution.steps[0].reason).toContain('not tonight')
  expect(execution.steps[0].output).toBe('')
})

test('pause lets running commands finish, resume starts the rest', async ({ api }) => {
  const folder = await mkdtemp(join(tmpdir(), 'runbook-pause-'))
  try {
    const runbook = await api.createRunbook([
      {
        name: 'Running',
        type: 'command',
        config: {
          command: `: > ${folder}/$RUNBOOK_HOST.begun; until [ -e ${folder}/go ]; do sleep 0.05; done`,
          rollout: { max_parallel: 1 },
        },
      },
      { name: 'Next', type: 'command', config: { command: `: > ${folder}/next` } },
    ])
    const id = await api.execute(runbook.id, ['local-1', 'local-2'])
    await waitUntil('the first host runs', () => exists(join(folder, 'local-1.begun')))
    expect(await api.control(id, 'resume')).toBe(409)
    expect(await api.control(id, 'pause')).toBe(202)
    expect((await api.execution(id)).status).toBe('paused')
    expect(await api.control(id, 'pause')).toBe(409)
    await writeFile(join(folder, 'go'), '')
    await waitUntil(
      'the first host finished',
      async () => (await api.step(id, 'running')).hosts[0].status === 'success',
    )
    const paused = await api.execution(id)
    expect(paused.status).toBe('paused')
    expect(paused.steps[0].hosts[1].status).toBe('queued')
    expect(await api.control(id, 'resume')).toBe(202)
    expect((await api.waitFor(id)).status).toBe('completed')
    expect(await exists(join(folder, 'next'))).toBe(true)
    expect(await api.control(id, 'pause')).toBe(409)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a failed step is tried again on the failed hosts only, and the rest follows', async ({ api }) => {
  const folder = await mkdtemp(join(tmpdir(), 'runbook-retry-'))
  try {
    const runbook = await api.createRunbook([
      {
        name: 'Flaky',
        type: 'command',
        config: {
          command:
            `echo $RUNBOOK_HOST >> ${folder}/ran; ` +
            `[ $RUNBOOK_HOST = local-1 ] || [ -e ${folder}/mended ]`,
        },
      },
      { name: 'After', type: 'command', config: { command: 'echo after' } },
    ])
    const id = await api.execute(runbook.id, ['local-1', 'local-2'])
    const failed = await api.waitFor(id)
    expect(failed.status).toBe('failed')
    expect(failed.steps.map((step) => step.status)).toEqual(['error', 'skipped'])
    expect(await api.act(id, failed.steps[1], 'retry')).toBe(409)
    await writeFile(join(folder, 'mended'), '')
    expect(await api.act(id, failed.steps[0], 'retry', { hosts: ['no-such-host'] })).toBe(422)
    expect(await api.act(id, failed.steps[0], 'retry')).toBe(202)
    const mended = await api.waitFor(id)
    expect(mended.status).toBe('completed')
    expect(mended.steps.map((step) => `${step.slug} ${step.attempt} ${step.status}`)).toEqual([
      'flaky 1 error',
      'flaky 2 success',
      'after 1 success',
    ])
    expect(mended.steps[1].hosts.map((host) => host.host)).toEqual(['local-2'])
    expect((await readFile(join(folder, 'ran'), 'utf8')).trim().split('\n').sort()).toEqual([
      'local-1',
      'local-2',
      'local-2',
    ])
    expect(await api.act(id, mended.steps[0], 'retry')).toBe(409)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('retries of a block are attempts of their own', async ({ api }) => {
  const folder = await mkdtemp(join(tmpdir(), 'runbook-retries-'))
  try {
    const runbook = await api.createRunbook([
      {
        name: 'Third time',
        type: 'command',
        config: { command: `echo x >> ${folder}/n; [ "$(wc -l < ${folder}/n)" -ge 3 ]`, retries: 3 },
      },
    ])
    const execution = await api.waitFor(await api.execute(runbook.id, ['local-1']))
    expect(execution.status).toBe('completed')
    expect(execution.steps.map((step) => `${step.attempt} ${step.status}`)).toEqual([
      '1 error',
      '2 error',
      '3 success',
    ])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a timer is skipped, an instruction ticked off with a note, a range kept to', async ({ api }) => {
  const runbook = await api.createRunbook(
    [
      { name: 'Before', type: 'command', config: { command: 'exit 1' } },
      { name: 'Wait', type: 'timer', config: { seconds: 3600 } },
      { name: 'Read', type: 'instruction', config: { text: 'look at ${{ params.what }}' } },
      { name: 'Beyond', type: 'command', config: { command: 'exit 1' } },
    ],
    { parameters: [{ name: 'what', type: 'string', default: 'the graph' }] },
  )
  const id = await api.execute(runbook.id, ['local-1'], { steps: { from: 'wait', to: 'read' } })
  const timer = await api.waitForStep(id, 'wait', ['running'])
  expect(await api.act(id, timer, 'complete')).toBe(409)
  expect(await api.act(id, timer, 'skip', { reason: 'no time' })).toBe(202)
  const read = await api.waitForStep(id, 'read', ['awaiting_input'])
  expect((await api.execution(id)).status).toBe('awaiting_input')
  expect(JSON.stringify(read)).toContain('look at the graph')
  expect(await api.act(id, read, 'complete', { note: 'seen' })).toBe(202)
  const execution = await api.waitFor(id)
  expect(execution.status).toBe('completed')
  expect(execution.steps.map((step) => step.status)).toEqual(['skipped', 'skipped', 'success', 'skipped'])
  expect(execution.steps[2].note).toBe('seen')
})

test('a dry run tells what would run where and starts nothing', async ({ api }) => {
  const runbook = await api.createRunbook([
    { name: 'Touch', type: 'command', config: { command: 'touch /tmp/never-made' } },
    { name: 'Wait', type: 'timer', config: { seconds: 5 } },
  ])
  const response = await api.request('POST', `/runbooks/${runbook.id}/execute`, {
    targets: { hosts: ['local-1', 'local-2'] },
    dry_run: true,
  })
  expect(response.status).toBe(200)
  const plan = (await response.json()) as { blocks: { slug: string; hosts?: unknown[] }[] }
  expect(plan.blocks.map((block) => block.slug)).toEqual(['touch', 'wait'])
  expect(plan.blocks[0].hosts?.length).toBe(2)
  const list = await api.json<{ items: unknown[] }>('GET', `/executions?runbook_id=${runbook.id}`)
  expect(list.items).toEqual([])
})

// A controller that is killed at any moment of a run: the next one carries it to the same end, and no command
// runs twice.
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { WebSocket } from 'ws'
import { Api, type Execution } from '../support/api.ts'
import { type Controller, freePort, makeDataDir, startController } from '../support/controller.ts'
import { answerJson, startHttpTarget } from '../support/http-target.ts'

// Both halves at once.
test.describe.configure({ mode: 'parallel' })

const hosts = ['local-1', 'local-2']
const moments = 30

function blocks(witness: string, url: string): unknown[] {
  const mark = (step: string) =>
    `echo "$RUNBOOK_EXECUTION_ID ${step} $RUNBOOK_HOST" >> ${witness}/$RUNBOOK_EXECUTION_ID`
  return [
    { name: 'First', type: 'command', config: { command: `${mark('first')}; sleep 0.1; echo one` } },
    { name: 'Pause', type: 'timer', config: { seconds: 1 } },
    {
      name: 'Ask',
      type: 'api',
      config: {
        method: 'GET',
        url: `${url}/state`,
        query: { run: '${{ execution.id }}' },
        timeout_seconds: 60,
      },
    },
    {
      name: 'Check',
      type: 'condition',
      config: {
        expression: 'steps.ask.json.healthy && steps.first.hosts["local-2"].stdout == "one\\n"',
        then: { goto: 'last' },
        else: 'fail',
      },
    },
    { name: 'Jumped over', type: 'command', config: { command: mark('jumped') } },
    {
      name: 'Last',
      slug: 'last',
      type: 'command',
      config: {
        command: `${mark('last')}; echo \${{ steps.ask.json.word }}; sleep 0.1`,
        rollout: { max_parallel: 1 },
      },
    },
  ]
}

const outcome = (execution: Execution) => ({
  status: execution.status,
  steps: execution.steps.map((step) => ({
    slug: step.slug,
    attempt: step.attempt,
    status: step.status,
    output: step.type === 'command' ? step.output : '',
    hosts: step.hosts.map((host) => `${host.host} ${host.status} ${host.exit_code}`),
  })),
})

// Kills `dev` as soon as the execution's sequence number reaches `seq`; false when it ended before.
async function killAt(controller: Controller, execution: string, seq: number): Promise<boolean> {
  const socket = new WebSocket(`${controller.url.replace('http', 'ws')}/live`, {
    headers: { 'X-API-KEY': controller.adminKey },
  })
  const reached = new Promise<boolean>((resolve) => {
    socket.on('message', (data: Buffer, binary: boolean) => {
      if (binary) return
      const event = JSON.parse(data.toString()) as {
        event: string
        seq?: number
        data?: { status?: string }
      }
      if ((event.seq ?? 0) >= seq) resolve(true)
      const over = ['completed', 'failed', 'stopped'].includes(event.data?.status ?? '')
      if (over && ['execution', 'snapshot'].includes(event.event)) resolve(false)
    })
    socket.on('close', () => resolve(true))
    socket.on('error', () => resolve(true))
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ sub: { execution, output: false } }))
  const killed = await reached
  if (killed) await controller.kill()
  socket.terminate()
  return killed
}

// Half of the moments each, so that both run at once.
for (const half of [0, 1]) {
  test(`SIGKILL at moments ${half === 0 ? 'of even' : 'of odd'} number changes no result`, async () => {
    test.setTimeout(600_000)
    const witness = await mkdtemp(join(tmpdir(), 'runbook-witness-'))
    const target = await startHttpTarget((request, response) => {
      answerJson(response, 200, { healthy: true, word: 'asked' })
    })
    const options = {
      dataDir: await makeDataDir(),
      port: await freePort(),
      agentPort: await freePort(),
      allowApiTarget: '127.0.0.0/8',
    }
    let controller = await startController(options)
    try {
      let api = new Api(controller)
      await api.agentsOnline(2)
      const runbook = await api.createRunbook(blocks(witness, target.url))
      const undisturbed = await api.waitFor(await api.execute(runbook.id, hosts))
      expect(undisturbed.status).toBe('completed')
      expect(undisturbed.steps.map((step) => step.status)).toEqual([
        'success',
        'success',
        'success',
        'success',
        'skipped',
        'success',
      ])
      let kills = 0
      for (let moment = half; moment < moments; moment += 2) {
        const id = await api.execute(runbook.id, hosts)
        const killed = await killAt(controller, id, moment + 1)
        if (killed) {
          ++kills
          controller = await startController(options)
          api = new Api(controller)
        }
        const ended = await api.waitFor(id)
        expect(outcome(ended), `killed at event ${moment + 1}`).toEqual(outcome(undisturbed))
      }
      expect(kills).toBe(moments / 2)
      for (const file of await readdir(witness)) {
        const lines = (await readFile(join(witness, file), 'utf8')).trim().split('\n').sort()
        const expected = ['first', 'last'].flatMap((step) => hosts.map((host) => `${file} ${step} ${host}`))
        expect(lines).toEqual(expected.sort())
      }
    } finally {
      await controller.stop()
      await target.stop()
      await rm(witness, { recursive: true, force: true })
    }
  })
}

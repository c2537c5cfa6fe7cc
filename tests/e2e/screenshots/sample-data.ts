// What the pictures show: a small fleet of real agents and a runbook that restarts a payment service on it.
// The commands only print.
import { type ExtraAgent, startAgent } from '../support/agent.ts'
import type { Api } from '../support/api.ts'
import { waitUntil } from '../support/controller.ts'

const kHosts = 12

const kWorker = String.raw`
n=0
while [ $n -lt 90 ]; do
  printf 'checkpoint written \033[2mlsn=0/5A31F%02d\033[0m\n' $n
  printf '\033[36mupstream\033[0m keepalive closed, %d connections left\n' $((90 - n))
  printf '\033[32mOK\033[0m drained in %d.%d s\n' $((n / 10)) $((n % 10))
  [ $((n % 17)) -ne 3 ] || printf '\033[33mWARN\033[0m queue lag %d ms, retrying in 2 s\n' $((400 + n))
  n=$((n + 1))
done
case $RUNBOOK_HOST in
  pay-05) printf '\033[31mERROR\033[0m drain timeout after 30 s: 3 charges still in flight\n' >&2; exit 1 ;;
esac
echo 'drained'`

const kBlocks = [
  {
    name: 'Read me first',
    type: 'instruction',
    config: {
      text: [
        'The payment API is restarted **three hosts at a time**. Charges in flight are finished first.',
        '',
        '- Tell the payments channel before you begin.',
        '- At more than one failed host the run stops by itself.',
      ].join('\n'),
    },
  },
  {
    name: 'Drain payment workers',
    type: 'command',
    on_failure: 'continue',
    config: {
      command: kWorker,
      targets: { selector: 'role=payment,env=prod' },
      rollout: { max_parallel: 6, max_failures: 2 },
      approval: 'none',
      timeout_seconds: 120,
    },
  },
  {
    name: 'All drained?',
    type: 'condition',
    config: {
      expression: 'steps.drain_payment_workers.status == "success"',
      then: 'continue',
      else: 'fail',
    },
  },
  { name: 'Let connections close', type: 'timer', config: { seconds: 2 } },
  {
    name: 'Restart payment-api',
    type: 'command',
    config: {
      command: "echo 'systemctl restart payment-api' && sleep 1 && echo 'active (running)'",
      targets: { selector: 'role=payment,env=prod' },
      rollout: { max_parallel: 3, max_failures: 1 },
      approval: { required: 2, other_person: true, expires_seconds: 3600 },
    },
  },
  { name: 'Close out', type: 'instruction', config: { text: 'Write the times into the incident.' } },
]

const kDocument = {
  title: 'Restart payment API',
  description:
    'Drains the workers, restarts the API on every production host and checks that it is healthy.',
  labels: { team: 'payments', kind: 'repair' },
  parameters: [
    {
      name: 'drain_timeout',
      type: 'integer',
      default: 30,
      description: 'Seconds to wait for charges in flight.',
    },
  ],
  blocks: kBlocks,
}

export interface SampleData {
  runbook: string
  completed: string // an execution
  waiting: { execution: string; step: string }
  agents: ExtraAgent[]
}

async function startFleet(api: Api): Promise<ExtraAgent[]> {
  const port = Number(new URL(api.controller.agentUrl).port)
  const agents: ExtraAgent[] = []
  for (let number = 1; number <= kHosts; number += 1) {
    const name = `pay-${String(number).padStart(2, '0')}`
    const region = number % 3 === 0 ? 'eu-2' : 'eu-1'
    agents.push(await startAgent(api, name, port, { role: 'payment', env: 'prod', region }))
  }
  await waitUntil('the fleet is online', async () => {
    const { items } = await api.json<{ items: unknown[] }>(
      'GET',
      '/agents?status=online&selector=role%3Dpayment',
    )
    return items.length === kHosts
  })
  return agents
}

async function toTheDrain(api: Api, runbook: string): Promise<string> {
  const mina = await api.as('mina', ['operator', 'viewer'])
  const { id } = await mina.json<{ id: string }>('POST', `/runbooks/${runbook}/execute`, {
    reason: 'INC-2291',
  })
  const manual = await api.waitForStep(id, 'read_me_first', ['awaiting_input'])
  await mina.act(id, manual, 'complete', { note: 'Told the channel' })
  return id
}

export async function makeSampleData(api: Api): Promise<SampleData> {
  const agents = await startFleet(api)
  const runbook = await api.json<{ id: string }>('POST', '/runbooks', kDocument)
  await api.json('PUT', `/runbooks/${runbook.id}`, {
    ...kDocument,
    message: 'Two people approve the restart',
    blocks: kBlocks.map((block) =>
      block.name === 'Let connections close' ? { ...block, config: { seconds: 1 } } : block,
    ),
  })
  const health = (await api.json<{ items: { id: string; title: string }[] }>('GET', '/runbooks?title=Host'))
    .items[0]
  const completed = await api.execute(health?.id ?? '', ['local-1', 'local-2'], {
    parameters: { max_load_per_cpu: 100, max_disk_percent: 99 },
  })
  await api.waitFor(completed)
  const execution = await toTheDrain(api, runbook.id)
  const step = await api.waitForStep(execution, 'restart_payment_api', ['awaiting_approval'])
  const dana = await api.as('dana', ['approver', 'viewer'])
  await dana.act(execution, step, 'approve', { digest: step.approval?.digest, note: 'Looks right' })
  await api.json('POST', '/credentials', { name: 'pay_token', type: 'api', secret: 'not a real one' })
  await api.json('POST', '/credentials', { name: 'deploy_key', type: 'ssh', secret: 'not a real one' })
  return { runbook: runbook.id, completed, waiting: { execution, step: step.id }, agents }
}

// Something on every page: a runbook with two versions, a run of it that ended, one that waits to be
// approved.
import type { Api } from '../support/api.ts'
import type { Things } from './every-page.ts'

const kBlocks = [
  {
    name: 'Look first',
    type: 'instruction',
    config: { text: 'A list:\n\n- one\n- `two`\n\n> a quotation' },
  },
  {
    name: 'Print',
    type: 'command',
    config: {
      command: "echo out; printf '\\033[31mred\\033[0m\\n'; echo err >&2; exit 3",
      approval: 'none',
    },
    on_failure: 'continue',
  },
  { name: 'Failed?', type: 'condition', config: { expression: 'steps.print.exit_code == 3' } },
  { name: 'A moment', type: 'timer', config: { seconds: 1 } },
  {
    name: 'Ask elsewhere',
    type: 'api',
    config: { url: 'http://127.0.0.1:1/health', retries: 0 },
    on_failure: 'continue',
  },
]

export async function somethingOnEveryPage(api: Api): Promise<Things> {
  const document = {
    title: 'Every kind of step',
    description: 'A **text** with a [link](https://example.com).',
    labels: { team: 'platform', kind: 'triage' },
    parameters: [{ name: 'size', type: 'integer', default: 3, description: 'How large' }],
    blocks: kBlocks,
  }
  const runbook = await api.json<{ id: string }>('POST', '/runbooks', document)
  await api.json('PUT', `/runbooks/${runbook.id}`, {
    ...document,
    title: 'Every kind of step, again',
    message: 'A better title',
  })
  const execution = await api.execute(runbook.id, ['local-1', 'local-2'], { reason: 'INC-2041' })
  const manual = await api.waitForStep(execution, 'look_first', ['awaiting_input'])
  await api.act(execution, manual, 'complete', { note: 'Looked' })
  await api.waitFor(execution)

  const guarded = await api.createRunbook(
    [
      {
        name: 'Restart',
        type: 'command',
        config: { command: 'echo restarted', approval: { required: 2 } },
      },
    ],
    { title: 'Needs two people' },
  )
  const waiting = await api.execute(guarded.id, ['local-1', 'local-2'], { approval: 'each' })
  const step = await api.waitForStep(waiting, 'restart', ['awaiting_approval'])
  const { items } = await api.json<{ items: { id: string }[] }>('GET', '/agents?limit=1')
  return {
    runbook: runbook.id,
    execution,
    steps: (await api.execution(execution)).steps,
    waiting: { execution: waiting, step: step.id },
    agents: items.map((agent) => agent.id),
  }
}

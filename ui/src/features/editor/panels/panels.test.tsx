import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import type { EditedBlock } from '@/features/editor/block-model'
import { DryRunPanel } from '@/features/editor/panels/dry-run-panel'
import { PreviewPanel } from '@/features/editor/panels/preview-panel'
import { variableGroups } from '@/features/editor/panels/variable-uses'
import { VariablesPanel } from '@/features/editor/panels/variables-panel'
import type { DryRun, Parameter } from '@/lib/model'
import { renderPage } from '@/testing/render'
import { anAgent, problem, server } from '@/testing/server'

// A busy machine types slowly.
vi.setConfig({ testTimeout: 20_000 })

const agents = [anAgent('web-1'), anAgent('web-2', { status: 'offline' })]

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
beforeEach(() =>
  server.use(
    http.get('*/labels', () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get('*/agents', () => HttpResponse.json({ items: agents, next_cursor: null })),
    http.post('*/agents/match', () => HttpResponse.json({ items: agents, matched: 2, online: 1 })),
  ),
)
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const made = (
  index: number,
  type: EditedBlock['type'],
  name: string,
  config: Record<string, unknown>,
): EditedBlock => ({ key: `key-${index}`, index, type, name, config })

const blocks = [
  made(0, 'instruction', 'Read me', { text: 'Tell **ops** of ${{ params.service }}' }),
  made(1, 'api', 'Queue', { method: 'GET', url: 'https://mq.example/${{params.service}}' }),
  made(2, 'condition', 'Busy?', { expression: 'steps.queue.json.messages > 10', else: { goto: 'drain' } }),
  made(3, 'command', 'Drain', {
    command: 'drain ${{ steps.queue.json.id }}',
    targets: { selector: 'role=web' },
  }),
  made(4, 'command', 'Restart', { command: 'echo "$RUNBOOK_PARAM_SERVICE"', approval: 'none' }),
]
const parameters: Parameter[] = [{ name: 'service', type: 'string', required: true }]

describe('PreviewPanel', () => {
  it('shows texts, commands, hosts now, and who is asked', async () => {
    const shown = vi.fn()
    renderPage(<PreviewPanel title="Restart" description="" blocks={blocks} onShow={shown} />)
    expect(screen.getByRole('heading', { name: 'Restart', level: 2 })).toBeInTheDocument()
    expect(await screen.findByText('Matches 2 of 2 hosts')).toBeInTheDocument()
    expect(screen.getByText('1 offline: web-2')).toBeInTheDocument()
    expect(screen.getByRole('region', { name: 'Command of Drain' })).toHaveTextContent('drain ${{ steps')
    expect(screen.getByText('One person confirms it first.')).toBeInTheDocument()
    expect(screen.getByText('Runs without asking.')).toBeInTheDocument()
    expect(screen.getByText('On hosts chosen when it is started')).toBeInTheDocument()
    expect(screen.getByText(/False: goes to 4. Drain/)).toBeInTheDocument()
    await userEvent.click(screen.getByRole('button', { name: 'Open block 4, Drain' }))
    expect(shown).toHaveBeenCalledWith(blocks[3])
  })

  it('says that there is nothing yet', () => {
    renderPage(<PreviewPanel title="" description="" blocks={[]} />)
    expect(screen.getByText(/There are no blocks yet/)).toBeInTheDocument()
  })
})

describe('variables', () => {
  it('finds what uses each of them', () => {
    const uses = Object.fromEntries(
      variableGroups(blocks, parameters).flatMap((group) =>
        group.variables.map((each) => [each.expression, each.uses.map((block) => block.name)]),
      ),
    )
    expect(uses['params.service']).toEqual(['Read me', 'Queue', 'Restart'])
    expect(uses['steps.queue.json']).toEqual(['Busy?', 'Drain'])
    expect(uses['steps.queue.http_status']).toEqual([])
    expect(uses).not.toHaveProperty('steps.drain.http_status')
  })

  it('does not take a longer name for a shorter one', () => {
    const [group] = variableGroups(
      [made(0, 'command', 'A', { command: 'x ${{ params.service_name }}' })],
      [{ name: 'service', type: 'string' }],
    )
    expect(group?.variables[0]?.uses).toEqual([])
  })

  it('copies a name by click, and opens the block that uses it', async () => {
    const shown = vi.fn()
    const user = userEvent.setup()
    renderPage(<VariablesPanel blocks={blocks} parameters={parameters} onShow={shown} />)
    await user.click(screen.getByRole('button', { name: 'Copy params.service' }))
    expect(await navigator.clipboard.readText()).toBe('${{ params.service }}')
    expect(screen.getByText('params.service copied')).toBeInTheDocument()
    await user.click(within(screen.getByRole('region', { name: 'Parameters' })).getByText('Restart'))
    expect(shown).toHaveBeenCalledWith(blocks[4])
  })
})

const planned: DryRun = {
  parameters: { service: 'pay' },
  blocks: [
    {
      slug: 'drain',
      name: 'Drain',
      type: 'command',
      when: 'params.service != "db"',
      on_failure: 'stop',
      command: 'drain ${{ params.service }} ${{ steps.queue.json.id }}',
      run_as: null,
      hosts: [
        { agent_id: 'a', host: 'web-1', status: 'online' },
        { agent_id: 'b', host: 'web-2', status: 'offline' },
      ],
      approval: { required: 2, other_person: true, preapproved: false, waits: true },
    },
  ],
  unreachable: [{ agent_id: 'b', host: 'web-2', status: 'offline' }],
}

describe('DryRunPanel', () => {
  const open = (shown = vi.fn(), yaml = 'title: x') => {
    renderPage(<DryRunPanel yaml={yaml} readable blocks={blocks} parameters={parameters} onShow={shown} />)
    return shown
  }

  it('asks for values and hosts, sends the unsaved text, and shows what would happen', async () => {
    let sent: unknown
    server.use(
      http.post('*/runbooks/dry-run', async ({ request }) => {
        sent = await request.json()
        return HttpResponse.json(planned)
      }),
    )
    const user = userEvent.setup()
    open()
    await user.click(screen.getByRole('button', { name: 'Dry run' }))
    expect(screen.getByLabelText('service')).toHaveAccessibleDescription('A value is needed.')
    expect(sent).toBeUndefined()
    await user.type(screen.getByLabelText('service'), 'pay')
    await user.type(screen.getByLabelText('Label selector'), 'role=db{Enter}')
    await user.click(screen.getByRole('button', { name: 'Dry run' }))
    const result = await screen.findByRole('region', { name: 'Result of the dry run' })
    expect(sent).toEqual({
      yaml: 'title: x',
      parameters: { service: 'pay' },
      targets: { selector: 'role=db' },
    })
    expect(
      within(result).getByText(/Nothing was run. 1 block, 2 hosts, 1 approval asked for/),
    ).toBeInTheDocument()
    expect(within(result).getByText('1 host cannot be reached now: web-2')).toBeInTheDocument()
    expect(within(result).getByText('On 2 hosts: web-1, web-2')).toBeInTheDocument()
    expect(
      within(result).getByText('2 people confirm it first, none of them whoever runs it.'),
    ).toBeInTheDocument()
    expect(within(result).getByText('= pay')).toBeInTheDocument()
    expect(within(result).getByText('is known when the step begins')).toBeInTheDocument()
    expect(within(result).getByText(/Skipped unless this is true then: params.service/)).toBeInTheDocument()
    await user.type(screen.getByLabelText('service'), '2')
    expect(screen.getByText(/This is of an earlier state/)).toBeInTheDocument()
  })

  it('links each fault to its block', async () => {
    server.use(
      http.post('*/runbooks/dry-run', () =>
        problem(422, 'invalid', 'The request has 2 faults.', [
          { pointer: '/runbook/blocks/3/config/command', code: 'bad_value', message: 'a quote is open' },
          { pointer: '/parameters/service', code: 'bad_value', message: 'is not known' },
        ]),
      ),
    )
    const user = userEvent.setup()
    const shown = open()
    await user.type(screen.getByLabelText('service'), 'x')
    await user.click(screen.getByRole('button', { name: 'Dry run' }))
    await user.click(await screen.findByRole('button', { name: '4. Drain' }))
    expect(shown).toHaveBeenCalledWith(blocks[3], '/config/command')
    expect(screen.getByText('a quote is open')).toBeInTheDocument()
    expect(screen.getByLabelText('service')).toHaveAccessibleDescription('is not known')
  })

  it('shows what failed otherwise', async () => {
    server.use(http.post('*/runbooks/dry-run', () => problem(503, 'unavailable', 'No database.')))
    const user = userEvent.setup()
    open()
    await user.type(screen.getByLabelText('service'), 'x')
    await user.click(screen.getByRole('button', { name: 'Dry run' }))
    expect(await screen.findByText('No database.')).toBeInTheDocument()
  })
})

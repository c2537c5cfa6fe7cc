import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { aBlock, renderForm } from '@/features/editor/blocks/form-testing'
import { problem, server } from '@/testing/server'

// A busy machine types slowly.
vi.setConfig({ testTimeout: 20_000 })

vi.mock('@/components/code-editor', () => import('@/features/editor/blocks/fake-code-editor'))

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
beforeEach(() =>
  server.use(
    http.get('*/labels', () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get('*/agents', () => HttpResponse.json({ items: [], next_cursor: null })),
    http.post('*/agents/match', () => HttpResponse.json({ items: [], matched: 0, online: 0 })),
    http.get('*/credentials', () =>
      HttpResponse.json({ items: [{ name: 'deploy_key', type: 'ssh' }], next_cursor: null }),
    ),
  ),
)
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const config = (more: Record<string, unknown> = {}) => ({ command: 'uptime', ...more })
const more = async (user: ReturnType<typeof userEvent.setup>) =>
  user.click(screen.getByRole('button', { name: 'More' }))

describe('CommandForm', () => {
  it('shows what is written, and defaults only as placeholders', async () => {
    renderForm(
      aBlock('command', config({ run_as: 'deploy', timeout_seconds: 90, rollout: { max_parallel: '25%' } })),
    )
    expect(screen.getByLabelText('Script', { selector: 'textarea' })).toHaveValue('uptime')
    expect(screen.getByLabelText('Run as')).toHaveValue('deploy')
    expect(screen.getByLabelText('Timeout')).toHaveValue('1m 30s')
    expect(screen.getByLabelText('At a time')).toHaveValue('25%')
    expect(screen.getByLabelText('Failures allowed')).toHaveValue('')
    expect(screen.getByLabelText('Failures allowed')).toHaveAttribute('placeholder', '0')
    expect(screen.getByLabelText('Approvers')).toHaveAttribute('placeholder', '1')
    expect(screen.getByRole('radio', { name: 'Chosen when it runs' })).toBeChecked()
  })

  it.each<[string, string, (string | number)[], unknown]>([
    ['Run as', 'deploy', ['config', 'run_as'], 'deploy'],
    ['Timeout', '5m', ['config', 'timeout_seconds'], 300],
    ['Timeout', 'soon', ['config', 'timeout_seconds'], 'soon'],
    ['At a time', '10', ['config', 'rollout', 'max_parallel'], 10],
    ['At a time', '25%', ['config', 'rollout', 'max_parallel'], '25%'],
    ['Failures allowed', '3', ['config', 'rollout', 'max_failures'], 3],
    ['Approvers', '2', ['config', 'approval', 'required'], 2],
    ['Script', '!', ['config', 'command'], 'uptime!'],
  ])('writes %s %j', async (label, typed, path, value) => {
    const form = renderForm(aBlock('command', config()))
    await userEvent.type(screen.getByRole('textbox', { name: label }), typed)
    expect(form.last()).toEqual({ path, value })
  })

  it.each<[string, string, (string | number)[], unknown]>([
    ['Working directory', '/srv', ['config', 'working_directory'], '/srv'],
    ['Retries', '2', ['config', 'retries'], 2],
    ['Grace when stopped', '30s', ['config', 'stop_grace_seconds'], 30],
    ['Approval expires after', '2h', ['config', 'approval', 'expires_seconds'], 7200],
  ])('writes %s %j, under More', async (label, typed, path, value) => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('command', config()))
    await more(user)
    await user.type(screen.getByLabelText(label), typed)
    expect(form.last()).toEqual({ path, value })
    await user.clear(screen.getByLabelText(label))
    expect(form.last()).toEqual({ path, value: undefined })
    expect(form.config()).toEqual({ command: 'uptime' })
  })

  it.each<[string, string, (string | number)[], unknown]>([
    ['Host without its agent', 'wait', ['config', 'on_offline'], 'wait'],
    ['Agent loses the controller', 'stop', ['config', 'on_disconnect'], { stop_after: 300 }],
    ['Output faster than it can be kept', 'block', ['config', 'output'], 'block'],
    ['Shell', '1', ['config', 'shell'], '/bin/bash'],
    ['Shell', '2', ['config', 'shell'], ['bash', '-euo', 'pipefail', '-c']],
  ])('chooses %s %s', async (label, option, path, value) => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('command', config()))
    await more(user)
    await user.selectOptions(screen.getByLabelText(label), option)
    expect(form.last()).toEqual({ path, value })
  })

  it('writes any shell with its arguments', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('command', config()))
    await more(user)
    await user.selectOptions(screen.getByLabelText('Shell'), 'other')
    await user.type(screen.getByLabelText('Shell and its arguments'), 'zsh -e -c')
    expect(form.last()?.value).toEqual(['zsh', '-e', '-c'])
  })

  it('asks nobody, one person, or others', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('command', config({ approval: { required: 2 } })))
    await user.click(screen.getByRole('switch', { name: 'By another person' }))
    expect(form.last()).toEqual({ path: ['config', 'approval', 'other_person'], value: true })
    await user.click(screen.getByRole('switch', { name: 'Ask for approval before running' }))
    expect(form.config()['approval']).toBe('none')
    expect(screen.queryByLabelText('Approvers')).not.toBeInTheDocument()
    await user.click(screen.getByRole('switch', { name: 'Ask for approval before running' }))
    expect(form.config()).toEqual({ command: 'uptime' })
  })

  it('edits the environment name by name, and refuses the controller’s names', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('command', config({ environment: { A: '1', B: '2' } })))
    await user.type(screen.getByLabelText('Value of B'), '3')
    expect(form.last()).toEqual({ path: ['config', 'environment', 'B'], value: '23' })
    await user.click(screen.getByRole('button', { name: 'Remove A' }))
    expect(form.config()['environment']).toEqual({ B: '23' })
    await user.click(screen.getByRole('button', { name: 'Add a variable' }))
    await user.type(screen.getByLabelText('Variable 2'), 'RUNBOOK_X')
    expect(screen.getByLabelText('Variable 2')).toHaveAccessibleDescription(/RUNBOOK_/)
    await user.clear(screen.getByLabelText('Variable 2'))
    await user.type(screen.getByLabelText('Variable 2'), 'B')
    expect(screen.getByLabelText('Variable 2')).toHaveAccessibleDescription('This name is there twice.')
    expect(form.config()['environment']).toEqual({ B: '23' })
  })

  it('runs a program without a shell, argument by argument', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('command', config({ shell: '/bin/bash', run_as: 'deploy' })))
    await user.click(screen.getByRole('radio', { name: 'Arguments' }))
    expect(form.config()).toEqual({ run_as: 'deploy', argv: [''] })
    await user.type(screen.getByLabelText('Program'), '/bin/ls')
    await user.click(screen.getByRole('button', { name: 'Add an argument' }))
    await user.type(screen.getByLabelText('Argument 1'), '-l')
    expect(form.last()).toEqual({ path: ['config', 'argv', 1], value: '-l' })
    await user.click(screen.getByRole('button', { name: 'Remove argument 1' }))
    expect(form.config()['argv']).toEqual(['/bin/ls'])
  })

  it('takes hosts of its own, or leaves them to the run', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('command', config()))
    await user.click(screen.getByRole('radio', { name: 'These hosts' }))
    await user.type(screen.getByLabelText('Label selector'), 'role=web{Enter}')
    await user.type(screen.getByLabelText('Hosts by name'), 'pay-1{Enter}')
    expect(form.config()['targets']).toEqual({ selector: 'role=web', hosts: ['pay-1'] })
    await user.click(screen.getByRole('button', { name: 'Remove role=web' }))
    expect(form.config()['targets']).toEqual({ hosts: ['pay-1'] })
    await user.click(screen.getByRole('radio', { name: 'Chosen when it runs' }))
    expect(form.config()).toEqual({ command: 'uptime' })
  })

  it('ties each problem to its field', async () => {
    renderForm(aBlock('command', config({ targets: { selector: 'role=web' }, environment: { A: '1' } })), {
      problems: {
        '/config/command': 'a quote is not closed',
        '/config/run_as': 'must be a user',
        '/config/rollout/max_parallel': 'too many',
        '/config/approval/required': 'at most 100',
        '/config/targets/selector': 'no such operator',
        '/config/environment/A': 'too long',
        '/config/on_offline': 'not known',
        '/on_failure': 'not so',
      },
    })
    expect(screen.getByLabelText('Script', { selector: 'textarea' })).toHaveAccessibleDescription(
      /a quote is not closed/,
    )
    expect(screen.getByLabelText('Run as')).toHaveAccessibleDescription('must be a user')
    expect(screen.getByLabelText('At a time')).toHaveAccessibleDescription('too many')
    expect(screen.getByLabelText('Approvers')).toHaveAccessibleDescription('at most 100')
    expect(screen.getByLabelText('Label selector')).toHaveAccessibleDescription('no such operator')
    expect(screen.getByLabelText('Value of A')).toHaveAccessibleDescription('too long')
    expect(screen.getByLabelText('Host without its agent')).toHaveAccessibleDescription('not known')
    expect(screen.getByLabelText('If it fails')).toHaveAccessibleDescription('not so')
  })

  it('keeps More closed where only defaults are written, as the API does', () => {
    renderForm(
      aBlock('command', {
        command: 'uptime',
        shell: ['/bin/sh', '-c'],
        environment: {},
        stop_grace_seconds: 10,
        approval: { required: 1, other_person: false, expires_seconds: 3600 },
        retries: 0,
        on_offline: 'fail',
        on_disconnect: 'continue',
        output: 'auto',
      }),
    )
    expect(screen.getByRole('button', { name: 'More' })).toHaveAttribute('aria-expanded', 'false')
  })

  it('names what it does not know, keeps it, and bears wrong types', async () => {
    const form = renderForm(
      aBlock('command', {
        command: ['not', 'a', 'text'],
        timeout_seconds: { a: 1 },
        environment: 'none',
        colour: 'blue',
      }),
      { problems: { '/config/colour': 'Unknown field.' } },
    )
    expect(within(screen.getByRole('note')).getByText('colour')).toBeInTheDocument()
    expect(within(screen.getByRole('note')).getByText('Unknown field.')).toBeInTheDocument()
    expect(screen.getByLabelText('Script', { selector: 'textarea' })).toHaveValue('["not","a","text"]')
    await userEvent.type(screen.getByLabelText('Run as'), 'x')
    expect(form.config()).toMatchObject({ colour: 'blue', environment: 'none', timeout_seconds: { a: 1 } })
  })

  it('offers credentials by name, and shows what the server says where it lists none', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('command', config()))
    await more(user)
    await user.click(screen.getByRole('combobox', { name: 'Credentials' }))
    await user.click(await screen.findByRole('option', { name: 'deploy_key' }))
    expect(form.last()).toEqual({ path: ['config', 'credentials'], value: ['deploy_key'] })
  })

  it('offers the word that the command policy names', async () => {
    const user = userEvent.setup()
    const says =
      'line 2, column 8: Writing to /etc/motd by a redirection is refused by the command policy: ' +
      'list "write:/etc/motd" in allow when this block is meant to do it.'
    const form = renderForm(
      aBlock('command', config({ command: 'id\necho x > /etc/motd', allow: ['pipe'] })),
      {
        problems: { '/config/command': says },
      },
    )
    expect(screen.getByLabelText('Script', { selector: 'textarea' })).toHaveAccessibleDescription(
      /line 2, column 8/,
    )
    await user.click(screen.getByRole('button', { name: 'Allow “write:/etc/motd” in this block' }))
    expect(form.config()['allow']).toEqual(['pipe', 'write:/etc/motd'])
  })

  it('offers nothing where no runbook may allow it, or something else is wrong', () => {
    renderForm(aBlock('command', config()), {
      problems: {
        '/config/command':
          'line 1, column 1: mkfs is refused: the administrator of Runbook Studio lets no runbook allow it.',
      },
    })
    expect(screen.queryByRole('button', { name: /^Allow/ })).not.toBeInTheDocument()
  })

  it('offers the word for an argument too', async () => {
    const form = renderForm(aBlock('command', { argv: ['rm', '-rf', '/'] }), {
      problems: {
        '/config/argv/0':
          'line 1, column 1: rm is refused: list "rm_root" in allow when this block is meant to do it.',
      },
    })
    await userEvent.click(screen.getByRole('button', { name: 'Allow “rm_root” in this block' }))
    expect(form.config()['allow']).toEqual(['rm_root'])
  })

  it('lets a name be typed where credentials cannot be listed', async () => {
    server.use(http.get('*/credentials', () => problem(403, 'forbidden', 'You need the operator role.')))
    const user = userEvent.setup()
    const form = renderForm(aBlock('command', config()))
    await more(user)
    expect(await screen.findByText(/cannot be listed: You need the operator role/)).toBeInTheDocument()
    await user.type(screen.getByRole('combobox', { name: 'Credentials' }), 'pay{Enter}')
    expect(form.last()).toEqual({ path: ['config', 'credentials'], value: ['pay'] })
  })
})

describe('fields of every block', () => {
  it('writes what a failure does, when it is skipped, and its name in expressions', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('timer', { seconds: 60 }, { name: 'Wait a bit' }))
    await user.click(screen.getByRole('button', { name: 'Flow and name' }))
    expect(screen.getByLabelText('Name in expressions')).toHaveAttribute('placeholder', 'wait_a_bit')
    await user.selectOptions(screen.getByLabelText('If it fails'), 'continue')
    expect(form.last()).toEqual({ path: ['on_failure'], value: 'continue' })
    await user.type(screen.getByLabelText(/Only when/), 'x')
    expect(form.last()).toEqual({ path: ['when'], value: 'x' })
    await user.type(screen.getByLabelText('Name in expressions'), 'w')
    expect(form.last()).toEqual({ path: ['slug'], value: 'w' })
    await user.clear(screen.getByLabelText('Name in expressions'))
    expect(form.last()).toEqual({ path: ['slug'], value: undefined })
  })
})

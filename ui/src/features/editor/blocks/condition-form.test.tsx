import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'

import { aBlock, renderForm } from '@/features/editor/blocks/form-testing'
import type { Parameter } from '@/lib/model'

// A busy machine types slowly.
vi.setConfig({ testTimeout: 20_000 })

vi.mock('@/components/code-editor', () => import('@/features/editor/blocks/fake-code-editor'))

const before = [aBlock('api', {}, { name: 'Queue' }), aBlock('command', {}, { name: 'Check disk' })]
const after = [
  aBlock('command', {}, { name: 'Drain' }),
  aBlock('timer', {}, { name: 'Wait' }),
  aBlock('instruction', {}, { name: 'Close out', slug: 'the_end' }),
]
const parameters: Parameter[] = [
  { name: 'service', type: 'choice', choices: ['pay', 'ledger'] },
  { name: 'force', type: 'boolean' },
]
const open = (config: Record<string, unknown>, problems?: Record<string, string>) =>
  renderForm(aBlock('condition', config, { name: 'Go on?' }), {
    before,
    after,
    parameters,
    ...(problems && { problems }),
  })

describe('ConditionForm', () => {
  it('shows a simple expression in the builder', () => {
    open({ expression: 'steps.queue.json.messages > 10000' })
    expect(screen.getByLabelText('Look at')).toHaveValue('json')
    expect(screen.getByLabelText('Step')).toHaveValue('queue')
    expect(screen.getByLabelText('Path in it')).toHaveValue('messages')
    expect(screen.getByLabelText('Operator')).toHaveValue('>')
    expect(screen.getByLabelText('Value')).toHaveValue('10000')
  })

  it('writes the expression once nothing is missing', async () => {
    const user = userEvent.setup()
    const form = open({ expression: '' })
    expect(screen.getByLabelText('Look at')).toHaveValue('exit_code')
    expect(screen.getByLabelText('Step')).toHaveValue('check_disk')
    expect(screen.getByText(/Not in the document yet/)).toBeInTheDocument()
    await user.type(screen.getByLabelText('Value'), '0')
    expect(form.changes).toEqual([
      { path: ['config', 'expression'], value: 'steps.check_disk.exit_code == 0' },
    ])
    await user.selectOptions(screen.getByLabelText('Operator'), '!=')
    expect(form.config()['expression']).toBe('steps.check_disk.exit_code != 0')
    await user.selectOptions(screen.getByLabelText('Look at'), 'stdout')
    await user.selectOptions(screen.getByLabelText('Operator'), 'contains')
    expect(form.config()['expression']).toBe('steps.check_disk.stdout.contains("0")')
    await user.selectOptions(screen.getByLabelText('Look at'), 'http_status')
    expect(screen.getByLabelText('Step')).toHaveValue('queue')
    expect(form.config()['expression']).toBe('steps.queue.http_status == 0')
  })

  it('compares parameters by their type', async () => {
    const user = userEvent.setup()
    const form = open({ expression: '' })
    await user.selectOptions(screen.getByLabelText('Look at'), 'param')
    await user.selectOptions(screen.getByLabelText('Value'), 'pay')
    expect(form.config()['expression']).toBe('params.service == "pay"')
    await user.selectOptions(screen.getByLabelText('Parameter name'), 'force')
    await user.selectOptions(screen.getByLabelText('Value'), 'true')
    expect(form.config()['expression']).toBe('params.force == true')
  })

  it('leaves what is more than that as an expression', async () => {
    const user = userEvent.setup()
    const form = open({ expression: 'params.force && true' })
    expect(screen.getByText('The builder cannot show this expression.')).toBeInTheDocument()
    expect(screen.getByLabelText('Expression', { selector: 'textarea' })).toHaveValue('params.force && true')
    await user.clear(screen.getByLabelText('Expression', { selector: 'textarea' }))
    await user.type(screen.getByLabelText('Expression', { selector: 'textarea' }), 'params.force == false')
    expect(form.config()['expression']).toBe('params.force == false')
    expect(screen.getByLabelText('Expression', { selector: 'textarea' })).toBeInTheDocument()
    await user.click(screen.getByRole('radio', { name: 'Builder' }))
    expect(screen.getByLabelText('Parameter name')).toHaveValue('force')
    expect(screen.getByLabelText('Value')).toHaveValue('false')
  })

  it('leads forward only, and shows both ways', async () => {
    const user = userEvent.setup()
    const form = open({ expression: 'params.force == true', then: 'continue', else: { goto: 'the_end' } })
    const leads = screen.getByRole('list', { name: 'Where it leads' })
    expect(within(leads).getByText(/True: goes on with 4. Drain/)).toBeInTheDocument()
    expect(within(leads).getByText(/False: goes to 6. Close out and skips 2 blocks/)).toBeInTheDocument()
    const options = within(screen.getByLabelText('If true')).getAllByRole('option')
    expect(options.map((option) => option.textContent)).toEqual([
      'Go on',
      'End the run',
      'Fail the run',
      '4. Drain',
      '5. Wait',
      '6. Close out',
    ])
    await user.selectOptions(screen.getByLabelText('If true'), '5. Wait')
    expect(form.last()).toEqual({ path: ['config', 'then'], value: { goto: 'wait' } })
    await user.selectOptions(screen.getByLabelText('If false'), 'fail')
    expect(form.last()).toEqual({ path: ['config', 'else'], value: 'fail' })
  })

  it('shows what is named and not there, and ties problems to fields', () => {
    open(
      { expression: 'steps.gone.exit_code == 0', then: { goto: 'queue' } },
      { '/config/else': 'no such branch', '/config/expression': 'no step gone' },
    )
    expect(screen.getByLabelText('Step')).toHaveValue('gone')
    expect(screen.getByLabelText('Step')).toHaveAccessibleDescription(
      /Nothing before this block is called gone/,
    )
    expect(screen.getByLabelText('If true')).toHaveAccessibleDescription('No later block is called queue.')
    expect(screen.getByLabelText('If false')).toHaveAccessibleDescription('no such branch')
    expect(screen.getByRole('group', { name: 'Condition' })).toHaveAccessibleDescription('no step gone')
  })
})

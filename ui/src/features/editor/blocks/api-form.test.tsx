import { fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { aBlock, renderForm } from '@/features/editor/blocks/form-testing'
import { readStatuses, statusFault, statusText } from '@/features/editor/blocks/status-list'
import { server } from '@/testing/server'

// A busy machine types slowly.
vi.setConfig({ testTimeout: 20_000 })

vi.mock('@/components/code-editor', () => import('@/features/editor/blocks/fake-code-editor'))

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
beforeEach(() =>
  server.use(
    http.get('*/credentials', () =>
      HttpResponse.json({
        items: [
          { name: 'pay_token', type: 'api' },
          { name: 'deploy_key', type: 'ssh' },
        ],
        next_cursor: null,
      }),
    ),
  ),
)
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const config = (more: Record<string, unknown> = {}) => ({ method: 'GET', url: 'https://a.example/', ...more })

describe('ApiForm', () => {
  it('shows what is written', () => {
    renderForm(
      aBlock(
        'api',
        config({ headers: { Accept: 'text/plain' }, expected_status: ['200..204', 404], retries: 0 }),
      ),
    )
    expect(screen.getByLabelText('Method')).toHaveValue('GET')
    expect(screen.getByLabelText('URL')).toHaveValue('https://a.example/')
    expect(screen.getByLabelText('Value of Accept')).toHaveValue('text/plain')
    expect(screen.getByLabelText('Expected status')).toHaveValue('200..204, 404')
    expect(screen.getByLabelText('Retries')).toHaveValue('0')
    expect(screen.getByLabelText('Timeout')).toHaveAttribute('placeholder', '30s')
  })

  it.each<[string, string, (string | number)[], unknown]>([
    ['URL', 'x', ['config', 'url'], 'https://a.example/x'],
    ['Expected status', '200..204, 404', ['config', 'expected_status'], ['200..204', 404]],
    ['Timeout', '2m', ['config', 'timeout_seconds'], 120],
  ])('writes %s', async (label, typed, path, value) => {
    const form = renderForm(aBlock('api', config()))
    await userEvent.type(screen.getByLabelText(label), typed)
    expect(form.last()).toEqual({ path, value })
  })

  it('writes method, header, query, retries and whether it may be repeated', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('api', config()))
    await user.selectOptions(screen.getByLabelText('Method'), 'POST')
    await user.click(screen.getByRole('button', { name: 'Add a header' }))
    await user.type(screen.getByLabelText('Header 1'), 'X-A')
    await user.type(screen.getByLabelText('Value of X-A'), '1')
    await user.click(screen.getByRole('button', { name: 'More' }))
    await user.click(screen.getByRole('button', { name: 'Add to the query' }))
    await user.type(screen.getByLabelText('Query name 1'), 'q')
    await user.type(screen.getByLabelText('Value of q'), 'v')
    await user.type(screen.getByLabelText('Retries'), '5')
    await user.selectOptions(screen.getByLabelText('May be repeated'), 'true')
    expect(form.config()).toEqual({
      method: 'POST',
      url: 'https://a.example/',
      headers: { 'X-A': '1' },
      query: { q: 'v' },
      retries: 5,
      idempotent: true,
    })
    await user.selectOptions(screen.getByLabelText('May be repeated'), '')
    expect(form.config()).not.toHaveProperty('idempotent')
  })

  it('offers credentials for requests only, and how they are sent', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('api', config()))
    await user.click(screen.getByRole('button', { name: 'More' }))
    await user.click(screen.getByRole('combobox', { name: /^Credential/ }))
    await user.click(await screen.findByRole('option', { name: 'pay_token' }))
    expect(screen.queryByRole('option', { name: 'deploy_key' })).not.toBeInTheDocument()
    expect(form.last()).toEqual({ path: ['config', 'credential'], value: 'pay_token' })
    expect(screen.getByLabelText('Sent as')).toHaveValue('bearer')
    expect(screen.getByLabelText('Sent as')).toHaveAccessibleDescription('The secret is the token.')
    await user.selectOptions(screen.getByLabelText('Sent as'), 'basic')
    expect(form.last()).toEqual({ path: ['config', 'auth'], value: 'basic' })
    expect(screen.getByLabelText('Sent as')).toHaveAccessibleDescription('The secret is user:password.')
    await user.selectOptions(screen.getByLabelText('Sent as'), 'bearer')
    expect(form.config()).not.toHaveProperty('auth')
  })

  it('says when a credential is not there yet, without refusing it', async () => {
    renderForm(aBlock('api', config({ credential: 'deploy_key' })))
    const field = await screen.findByRole('combobox', { name: /^Credential/ })
    await waitFor(() =>
      expect(field).toHaveAccessibleDescription(/No API credential is called deploy_key yet/),
    )
    expect(field).toBeValid()
  })

  it('writes a JSON body once it is JSON, and keeps its kind', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('api', config()))
    await user.click(screen.getByRole('radio', { name: 'JSON' }))
    expect(form.last()).toEqual({ path: ['config', 'body'], value: {} })
    fireEvent.change(screen.getByLabelText('Body as JSON', { selector: 'textarea' }), {
      target: { value: '{"a": [1' },
    })
    expect(form.config()['body']).toEqual({})
    expect(screen.getByLabelText('Body as JSON', { selector: 'textarea' })).toBeInvalid()
    expect(screen.getByLabelText('Body as JSON', { selector: 'textarea' })).toHaveAccessibleDescription(
      /This is no JSON, and not yet in the document/,
    )
    fireEvent.change(screen.getByLabelText('Body as JSON', { selector: 'textarea' }), {
      target: { value: '{"a": [1]}' },
    })
    expect(form.last()).toEqual({ path: ['config', 'body'], value: { a: [1] } })
    expect(screen.getByLabelText('Body as JSON', { selector: 'textarea' })).toHaveValue('{"a": [1]}')
    await user.click(screen.getByRole('radio', { name: 'Text' }))
    expect(form.config()['body']).toBe('{\n  "a": [\n    1\n  ]\n}')
    await user.click(screen.getByRole('radio', { name: 'None' }))
    expect(form.config()).not.toHaveProperty('body')
  })

  it('ties each problem to its field', () => {
    renderForm(
      aBlock('api', config({ headers: { A: '1' }, expected_status: [200, 'x'], credential: 'gone' })),
      {
        problems: {
          '/config/url': 'no host',
          '/config/headers/A': 'a line break',
          '/config/expected_status/1': 'no status',
          '/config/credential': 'no name of a credential',
        },
      },
    )
    expect(screen.getByLabelText('URL')).toHaveAccessibleDescription('no host')
    expect(screen.getByLabelText('Value of A')).toHaveAccessibleDescription('a line break')
    expect(screen.getByLabelText('Expected status')).toHaveAccessibleDescription(/no status/)
    expect(screen.getByRole('combobox', { name: /^Credential/ })).toHaveAccessibleDescription(
      /no name of a credential/,
    )
  })
})

describe('status list', () => {
  it.each<[string, unknown]>([
    ['', undefined],
    ['200', [200]],
    ['200..299, 404', ['200..299', 404]],
    ['200 201', [200, 201]],
    ['ok', ['ok']],
  ])('reads %j', (text, value) => expect(readStatuses(text)).toEqual(value))

  it('writes what it reads, and says what is none', () => {
    expect(statusText(['200..299', 404])).toBe('200..299, 404')
    expect(statusFault(['200..299', 404])).toBeUndefined()
    expect(statusFault([99])).toMatch(/99/)
    expect(statusFault(['299..200'])).toMatch(/before it begins/)
    expect(statusFault(200)).toMatch(/list/)
  })
})

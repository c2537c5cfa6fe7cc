import { fireEvent, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'

import { aBlock, renderForm } from '@/features/editor/blocks/form-testing'
import { fromLocalInput, toLocalInput, utcText } from '@/features/editor/blocks/local-time'
import { readShell, shellText } from '@/features/editor/blocks/shell-field'

// A busy machine types slowly.
vi.setConfig({ testTimeout: 20_000 })

vi.mock('@/components/code-editor', () => import('@/features/editor/blocks/fake-code-editor'))

describe('InstructionForm', () => {
  it('writes Markdown, shows it, and waits unless told otherwise', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('instruction', { text: 'Tell **ops**' }), {
      problems: { '/config/text': 'a value is unknown' },
    })
    const field = screen.getByLabelText('Text', { selector: 'textarea' })
    expect(field).toHaveAccessibleDescription(/a value is unknown/)
    await user.type(field, '!')
    expect(form.last()).toEqual({ path: ['config', 'text'], value: 'Tell **ops**!' })
    await user.click(screen.getByRole('radio', { name: 'Preview' }))
    expect((await screen.findByText('ops', undefined, { timeout: 10_000 })).tagName).toBe('STRONG')
    const waits = screen.getByRole('switch', { name: 'Waits until someone confirms' })
    expect(waits).toBeChecked()
    await user.click(waits)
    expect(form.last()).toEqual({ path: ['config', 'acknowledge'], value: false })
    await user.click(waits)
    expect(form.config()).toEqual({ text: 'Tell **ops**!' })
  }, 15_000)
})

describe('TimerForm', () => {
  it('writes a length of time', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('timer', { seconds: 90 }), { problems: { '/config/seconds': 'too long' } })
    const field = screen.getByLabelText('Waits')
    expect(field).toHaveValue('1m 30s')
    expect(field).toHaveAccessibleDescription(/too long/)
    await user.clear(field)
    await user.type(field, '1h 30m')
    expect(form.last()).toEqual({ path: ['config', 'seconds'], value: 5400 })
    await user.tab()
    expect(field).toHaveValue('1h 30m')
  })

  it('writes a moment, chosen in local time and kept in UTC', async () => {
    const user = userEvent.setup()
    const form = renderForm(aBlock('timer', { seconds: 90, note: 'x' }))
    await user.click(screen.getByRole('radio', { name: 'Until a time' }))
    expect(form.config()).toHaveProperty('note', 'x')
    expect(form.config()).not.toHaveProperty('seconds')
    const field = screen.getByLabelText(/^Waits until/)
    fireEvent.change(field, { target: { value: '2026-11-23T08:30:00' } })
    const moment = new Date('2026-11-23T08:30:00').toISOString().replace('.000Z', 'Z')
    expect(form.last()).toEqual({ path: ['config', 'until'], value: moment })
    expect(field).toHaveAccessibleDescription(new RegExp(utcText(moment)))
  })

  it('keeps a time it cannot read as text', async () => {
    const form = renderForm(aBlock('timer', { until: 'tomorrow' }))
    const field = screen.getByLabelText('Waits until')
    expect(field).toHaveValue('tomorrow')
    expect(field).toHaveAccessibleDescription(/no time with a zone/)
    await userEvent.type(field, '!')
    expect(form.last()).toEqual({ path: ['config', 'until'], value: 'tomorrow!' })
  })
})

describe('local time', () => {
  it.each(['2026-11-22T08:30:00Z', '2026-01-01T00:00:00Z', '2026-07-31T23:59:59Z'])(
    'takes %s both ways',
    (time) => {
      expect(fromLocalInput(toLocalInput(time) ?? '')).toBe(time)
    },
  )

  it('reads other zones, and refuses what names no moment', () => {
    expect(fromLocalInput(toLocalInput('2026-11-22T10:30:00+02:00') ?? '')).toBe('2026-11-22T08:30:00Z')
    for (const text of ['', '2026-11-22', '2026-11-22T08:30:00', '2026-13-40T00:00:00Z', 'noon'])
      expect(toLocalInput(text)).toBeUndefined()
  })
})

describe('shell', () => {
  it.each<[string, unknown]>([
    ['', undefined],
    ['/bin/zsh', '/bin/zsh'],
    ['bash -eu -c', ['bash', '-eu', '-c']],
    ['["a b"]', ['a b']],
    ['["only"]', ['only']],
  ])('reads %j both ways', (text, value) => {
    expect(readShell(text)).toEqual(value)
    expect(shellText(value)).toBe(text)
  })
})

// Every preference takes effect, at once.
import { act, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { AppearancePage } from '@/features/settings/appearance-page'
import { NotificationsPage } from '@/features/settings/notifications-page'
import { RolesPage } from '@/features/settings/roles-page'
import { SystemPage } from '@/features/settings/system-page'
import { followAppearance, usePreferences } from '@/lib/preferences'
import { clockTime, exactTime } from '@/lib/time'
import { renderPage } from '@/testing/render'
import { problem, server } from '@/testing/server'

beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' })
  followAppearance()
})
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const before = usePreferences.getState()
beforeEach(() => act(() => usePreferences.setState(before, true)))

const root = document.documentElement

describe('AppearancePage', () => {
  it('changes theme, density, type size and motion of the document', async () => {
    renderPage(<AppearancePage />)
    await userEvent.click(screen.getByRole('radio', { name: 'Dark' }))
    expect(root.dataset['theme']).toBe('dark')
    await userEvent.click(screen.getByRole('radio', { name: 'Light' }))
    expect(root.dataset['theme']).toBe('light')
    await userEvent.click(screen.getByRole('radio', { name: 'Compact' }))
    expect(root.dataset['density']).toBe('compact')
    await userEvent.click(screen.getByRole('radio', { name: '14 px' }))
    expect(root.style.getPropertyValue('--mono')).toBe('14px')
    await userEvent.click(screen.getByRole('switch', { name: 'Reduced motion' }))
    expect(root.dataset['motion']).toBe('reduced')
  })

  it('shows times in UTC when asked to, and says so', async () => {
    renderPage(<AppearancePage />)
    await userEvent.click(screen.getByRole('radio', { name: 'UTC' }))
    expect(exactTime('2026-11-21T12:34:56Z')).toMatch(/12:34:56.* UTC$/)
    expect(clockTime(Date.parse('2026-11-21T12:34:56Z'))).toBe('12:34:56')
    expect(screen.getByText(/^Now:/)).toHaveTextContent(/UTC$/)
  })

  it('turns single-key shortcuts and the theme of the output on and off', async () => {
    renderPage(<AppearancePage />)
    await userEvent.click(screen.getByRole('switch', { name: 'Shortcuts of a single key' }))
    await userEvent.click(screen.getByRole('switch', { name: 'The output follows the theme' }))
    expect(usePreferences.getState()).toMatchObject({ singleKeys: false, consoleInTheme: true })
  })
})

describe('NotificationsPage', () => {
  it('asks the browser before it turns one on, and keeps it off when refused', async () => {
    const shown = vi.fn()
    const browser = Object.assign(shown, {
      permission: 'default',
      requestPermission: () => {
        browser.permission = 'denied'
        return Promise.resolve('denied')
      },
    })
    vi.stubGlobal('Notification', browser)
    renderPage(<NotificationsPage />)
    await userEvent.click(screen.getByRole('switch', { name: /waits for you/ }))
    expect(await screen.findByText(/This browser blocks them/)).toBeInTheDocument()
    expect(usePreferences.getState().notifyWaiting).toBe(false)
    vi.unstubAllGlobals()
  })

  it('turns one on where allowed, and sends a test', async () => {
    const shown = vi.fn()
    vi.stubGlobal('Notification', Object.assign(shown, { permission: 'granted' }))
    renderPage(<NotificationsPage />)
    expect(screen.getByRole('switch', { name: 'With a sound' })).not.toBeChecked()
    await userEvent.click(screen.getByRole('switch', { name: /waits for you/ }))
    expect(usePreferences.getState().notifyWaiting).toBe(true)
    await userEvent.click(screen.getByRole('button', { name: 'Send a test notification' }))
    expect(shown).toHaveBeenCalledWith('Runbook Studio', expect.objectContaining({ tag: 'test' }))
    vi.unstubAllGlobals()
  })
})

describe('RolesPage', () => {
  it('shows the grid, and answers who can', async () => {
    server.use(
      http.get('*/roles', () =>
        HttpResponse.json({
          items: [
            {
              role: 'operator',
              description: 'Runs.',
              rights: ['read', 'execute', 'approve_own'],
              people: ['tom'],
            },
            {
              role: 'approver',
              description: 'Approves.',
              rights: ['read', 'approve'],
              people: ['dana', 'ann'],
            },
          ],
        }),
      ),
    )
    renderPage(<RolesPage />)
    expect(await screen.findByRole('table', { name: 'Rights of the roles' })).toBeInTheDocument()
    expect(screen.getByRole('row', { name: /Run, pause, stop.* yes no/ })).toBeInTheDocument()
    expect(screen.getByRole('status')).toHaveTextContent('ann, dana can approve any command.')
    await userEvent.selectOptions(screen.getByLabelText('Who can'), 'change a runbook')
    expect(screen.getByRole('status')).toHaveTextContent('Nobody can change a runbook.')
  })
})

describe('SystemPage', () => {
  it('tells health, and what is wrong with it', async () => {
    server.use(
      http.get('*/healthz', () => HttpResponse.json({ status: 'ok' })),
      http.get('*/readyz', () => problem(503, 'unavailable', 'The database does not answer.')),
      http.get('*/agents/counts', () =>
        HttpResponse.json({ online: 484, offline: 3, draining: 0, revoked: 1, outdated: 12 }),
      ),
    )
    renderPage(<SystemPage />)
    expect(await screen.findByText('Alive')).toBeInTheDocument()
    expect(await screen.findByText('The database does not answer.')).toBeInTheDocument()
    expect(await screen.findByText('484')).toBeInTheDocument()
    expect(screen.getByRole('link', { name: 'Metrics' })).toHaveAttribute('href', '/metrics')
  })
})

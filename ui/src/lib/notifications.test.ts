import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { notify, setPageTitle, setWaitingCount } from '@/lib/notifications'

beforeEach(() => {
  document.head.append(
    Object.assign(document.createElement('link'), { rel: 'icon', href: '/ui/favicon.svg' }),
  )
})
afterEach(() => {
  document.querySelector('link[rel="icon"]')?.remove()
  setWaitingCount(0)
  vi.unstubAllGlobals()
})

const icon = () => document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.href

describe('the tab', () => {
  it('counts what waits before the title, whatever page is shown', () => {
    setPageTitle('Home')
    setWaitingCount(2)
    expect(document.title).toBe('(2) Home · Runbook Studio')
    setPageTitle('Hosts')
    expect(document.title).toBe('(2) Hosts · Runbook Studio')
    setWaitingCount(0)
    expect(document.title).toBe('Hosts · Runbook Studio')
  })

  it('has a dot on its icon while something waits', () => {
    setWaitingCount(1)
    setWaitingCount(3)
    expect(icon()).toMatch(/\/ui\/favicon-waiting\.svg$/)
    setWaitingCount(0)
    expect(icon()).toMatch(/\/ui\/favicon\.svg$/)
  })
})

describe('notify', () => {
  const shown: { title: string; onclick?: () => void; close: () => void }[] = []
  const allow = (permission: string) => {
    shown.length = 0
    class Fake {
      static permission = permission
      onclick?: () => void
      close = vi.fn()
      constructor(readonly title: string) {
        shown.push(this)
      }
    }
    vi.stubGlobal('Notification', Fake)
  }
  const notice = { tag: 'a', title: 'Approval: Restart', body: 'x', open: vi.fn() }

  it('shows nothing that was not allowed, and never asks', () => {
    allow('default')
    vi.spyOn(document, 'hasFocus').mockReturnValue(false)
    expect(notify(notice)).toBe(false)
    expect(shown).toEqual([])
  })

  it('is quiet while somebody looks at the page', () => {
    allow('granted')
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
    expect(notify(notice)).toBe(false)
    vi.spyOn(document, 'hasFocus').mockReturnValue(false)
    expect(notify(notice)).toBe(true)
    expect(shown[0]?.title).toBe('Approval: Restart')
    shown[0]?.onclick?.()
    expect(notice.open).toHaveBeenCalledOnce()
    expect(shown[0]?.close).toHaveBeenCalledOnce()
  })
})

import { describe, expect, it } from 'vitest'

import { keepChecks, readChecks } from '@/features/executions/step-checks'

describe('ticked boxes', () => {
  it('are kept by step, and the oldest steps forgotten', () => {
    const storage = window.localStorage
    storage.clear()
    keepChecks(storage, 'first', new Set([3, 20]), 1)
    expect(readChecks(storage, 'first')).toEqual(new Set([3, 20]))
    expect(readChecks(storage, 'other')).toEqual(new Set())
    for (let i = 0; i < 200; i += 1) keepChecks(storage, `step-${i}`, new Set([1]), 10 + i)
    expect(readChecks(storage, 'first')).toEqual(new Set())
    expect(readChecks(storage, 'step-199')).toEqual(new Set([1]))
  })

  it('are none when what was kept is broken', () => {
    window.localStorage.setItem('runbook-checks:broken', '{')
    expect(readChecks(window.localStorage, 'broken')).toEqual(new Set())
  })
})

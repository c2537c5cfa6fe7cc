import { describe, expect, test } from 'vitest'

import {
  type Draft,
  DraftKeeper,
  type KeptDraft,
  type LocalDraft,
  browserDrafts,
  chooseDraft,
} from '@/features/editor/draft-keeper'
import type { Clock } from '@/features/editor/editor-store'

function setup({ server = true }: { server?: boolean } = {}) {
  let time = Date.parse('2026-11-22T14:00:00Z')
  let timers: { at: number; run: () => void }[] = []
  const clock: Clock = {
    now: () => time,
    after: (milliseconds, run) => {
      const timer = { at: time + milliseconds, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
  }
  const pass = async (milliseconds: number) => {
    time += milliseconds
    const due = timers.filter((one) => one.at <= time)
    timers = timers.filter((one) => one.at > time)
    for (const one of due) one.run()
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  }
  const sent: Draft[] = []
  let answer: () => Promise<string> = () => Promise.resolve(new Date(time).toISOString())
  let removed = 0
  const local = browserDrafts('mina', 'one')
  local.remove()
  const keeper = new DraftKeeper(
    server
      ? {
          put: (draft) => {
            sent.push(draft)
            return answer()
          },
          remove: () => {
            removed += 1
            return Promise.resolve()
          },
        }
      : undefined,
    local,
    clock,
    { keptAt: null, state: { kind: 'none' } },
  )
  const answerWith = (next: () => Promise<string>) => {
    answer = next
  }
  return { keeper, pass, sent, local, answerWith, removed: () => removed }
}

describe('a draft', () => {
  test('is sent a second after the last edit', async () => {
    const { keeper, pass, sent } = setup()
    keeper.changed({ base: 3, yaml: 'a' })
    await pass(900)
    keeper.changed({ base: 3, yaml: 'ab' })
    await pass(999)
    expect(sent).toEqual([])
    expect(keeper.isSafe()).toBe(false)
    await pass(1)
    expect(sent).toEqual([{ base: 3, yaml: 'ab' }])
    expect(keeper.get().kind).toBe('kept')
    expect(keeper.isSafe()).toBe(true)
  })

  test('is sent one at a time, the newest last', async () => {
    const { keeper, pass, sent, answerWith } = setup()
    let finish: (at: string) => void = () => undefined
    answerWith(() => new Promise((resolve) => (finish = resolve)))
    keeper.changed({ base: 3, yaml: 'a' })
    await pass(1000)
    keeper.changed({ base: 3, yaml: 'ab' })
    await pass(1000)
    expect(sent.map((draft) => draft.yaml)).toEqual(['a'])
    finish('2026-11-22T14:00:01Z')
    answerWith(() => Promise.resolve('2026-11-22T14:00:02Z'))
    await pass(0)
    expect(sent.map((draft) => draft.yaml)).toEqual(['a', 'ab'])
    expect(keeper.get()).toEqual({ kind: 'kept', at: '2026-11-22T14:00:02Z' })
  })

  test('stays in this browser when it cannot be sent, and is sent again', async () => {
    const { keeper, pass, sent, local, answerWith } = setup()
    answerWith(() => Promise.reject(new Error('The controller cannot be reached.')))
    keeper.changed({ base: 3, yaml: 'a' })
    await pass(1000)
    expect(keeper.get()).toMatchObject({ kind: 'local', why: 'The controller cannot be reached.' })
    expect(local.read()).toMatchObject({ base: 3, yaml: 'a', after: null })
    answerWith(() => Promise.resolve('2026-11-22T14:00:20Z'))
    await pass(10_000)
    expect(sent).toHaveLength(2)
    expect(keeper.get().kind).toBe('kept')
    expect(local.read()).toBeUndefined()
  })

  test('stays in this browser when the page goes away before it was sent', () => {
    const { keeper, local } = setup()
    keeper.changed({ base: 3, yaml: 'a' })
    keeper.stash()
    expect(local.read()?.yaml).toBe('a')
  })

  test('goes when the runbook was saved, also one on its way', async () => {
    const { keeper, pass, sent, local, removed } = setup()
    keeper.changed({ base: 3, yaml: 'a' })
    await keeper.clear()
    await pass(20_000)
    expect(sent).toEqual([])
    expect(removed()).toBe(1)
    expect(local.read()).toBeUndefined()
    expect(keeper.get()).toEqual({ kind: 'none' })
  })

  test('of a new runbook lives in this browser', async () => {
    const { keeper, pass, local } = setup({ server: false })
    keeper.changed({ base: 0, yaml: 'title: x' })
    await pass(1000)
    expect(local.read()?.yaml).toBe('title: x')
    expect(keeper.get().kind).toBe('local')
    expect(keeper.isSafe()).toBe(true)
  })
})

describe('after a reload', () => {
  const server: KeptDraft = { base: 3, yaml: 's', at: '2026-11-22T14:02:00Z', where: 'server' }
  const local = (more: Partial<LocalDraft> = {}): LocalDraft => ({
    base: 3,
    yaml: 'l',
    at: '2026-11-22T14:01:00Z',
    after: null,
    ...more,
  })

  test.each([
    ['neither', undefined, undefined, undefined, undefined],
    ["only the controller's", server, undefined, 's', undefined],
    ["only this browser's", undefined, local(), 'l', undefined],
    ['the same', server, local({ yaml: 's' }), 's', undefined],
    ["this browser's follows the controller's", server, local({ after: server.at }), 'l', undefined],
    ["the controller's is newer", server, local(), 's', 'l'],
    ["this browser's is newer", server, local({ at: '2026-11-22T14:03:00Z' }), 'l', 's'],
  ])('there is %s', (_, kept, here, use, other) => {
    const chosen = chooseDraft(kept, here)
    expect([chosen.use?.yaml, chosen.other?.yaml]).toEqual([use, other])
  })

  test('what is no draft is not taken for one', () => {
    localStorage.setItem('runbook-draft:mina:odd', '{"yaml": 7}')
    expect(browserDrafts('mina', 'odd').read()).toBeUndefined()
    localStorage.setItem('runbook-draft:mina:odd', '{')
    expect(browserDrafts('mina', 'odd').read()).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'

import {
  type Draft,
  DraftKeeper,
  type KeptDraft,
  type KnownDraft,
  type LocalDraft,
  browserDrafts,
  chooseDraft,
} from '@/features/editor/draft-keeper'
import { draftsAside, setAside } from '@/features/editor/draft-aside'
import { type DraftPeers, browserPeers } from '@/features/editor/draft-peers'
import type { Clock } from '@/features/editor/editor-store'

interface Setup {
  server?: boolean
  known?: KnownDraft
  peers?: DraftPeers
  refuses?: boolean
}

const kNothing: KnownDraft = { keptAt: null, state: { kind: 'none' } }

function setup({ server = true, known = kNothing, peers, refuses = false }: Setup = {}) {
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
    refuses ? { ...local, write: () => false } : local,
    clock,
    known,
    peers,
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

describe('a draft that only this browser has', () => {
  const draft = { base: 3, yaml: 'a' }
  const state = { kind: 'local', at: '2026-11-22T13:00:00Z', why: 'Not sent.' } as const

  test('says so and is sent at once', async () => {
    const { keeper, pass, sent } = setup({ known: { keptAt: null, state, draft } })
    expect(keeper.get().kind).toBe('local')
    expect(keeper.isSafe()).toBe(false)
    keeper.start()
    await pass(0)
    expect(sent).toEqual([draft])
    expect(keeper.get().kind).toBe('kept')
  })

  test('of a new runbook is not safe when the browser refused it', async () => {
    const { keeper, pass } = setup({ server: false, refuses: true })
    keeper.changed({ base: 0, yaml: 'title: x' })
    await pass(1000)
    expect(keeper.get().kind).toBe('unkept')
    expect(keeper.isSafe()).toBe(false)
  })
})

describe('two tabs', () => {
  function channel() {
    const listeners = new Set<() => void>()
    return (): DraftPeers => {
      let own: (() => void) | undefined
      return {
        tellGone: () => listeners.forEach((listener) => listener !== own && listener()),
        onGone: (listener) => {
          own = listener
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      }
    }
  }

  test('a draft that another tab took away is sent again', async () => {
    const peers = channel()
    const one = setup({ peers: peers() })
    const two = setup({ peers: peers() })
    one.keeper.start()
    two.keeper.start()
    two.keeper.changed({ base: 3, yaml: 'b' })
    await two.pass(1000)
    expect(two.keeper.isSafe()).toBe(true)
    await one.keeper.clear()
    expect(two.keeper.isSafe()).toBe(false)
    expect(one.keeper.isSafe()).toBe(true)
    await two.pass(1000)
    expect(two.sent.map((draft) => draft.yaml)).toEqual(['b', 'b'])
    expect(two.keeper.get().kind).toBe('kept')
  })

  test('hear each other by runbook', async () => {
    const heard: string[] = []
    const ends = ['one', 'one', 'two'].map((name, tab) => {
      const peers = browserPeers('mina', name)
      return { peers, end: peers?.onGone(() => heard.push(`${name} ${tab}`)) }
    })
    await new Promise<void>((resolve) => {
      const end = browserPeers('mina', 'one')?.onGone(() => {
        end?.()
        resolve()
      })
      ends[0]?.peers?.tellGone()
    })
    ends.forEach(({ end }) => end?.())
    expect(heard).toEqual(['one 1'])
  })
})

describe('the draft not in use', () => {
  const used: KeptDraft = { base: 7, yaml: 's', at: '2026-11-22T14:02:00Z', where: 'server' }
  const other: KeptDraft = { base: 5, yaml: 'l', at: '2026-11-22T14:01:00Z', where: 'browser' }

  test('outlives what is sent, failed and saved, until it is dropped', async () => {
    const { keeper, pass, local, answerWith } = setup()
    const aside = draftsAside('mina', 'one')
    local.write({ base: 5, yaml: 'l', at: other.at, after: null })
    expect(setAside(aside, local, used, other)).toEqual({ others: [other], safe: true })
    answerWith(() => Promise.reject(new Error('Away.')))
    keeper.changed({ base: 7, yaml: 'st' })
    await pass(1000)
    answerWith(() => Promise.resolve('2026-11-22T14:00:20Z'))
    await pass(10_000)
    expect(keeper.get().kind).toBe('kept')
    await keeper.clear()
    expect(setAside(aside, local, undefined, undefined).others).toEqual([other])
    aside.drop(other)
    expect(aside.list()).toEqual([])
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

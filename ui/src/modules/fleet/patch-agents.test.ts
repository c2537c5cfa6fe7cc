import { describe, expect, it } from 'vitest'

import { type AgentPages, holdsAll, patchAgents } from '@/modules/fleet/patch-agents'
import { anAgent } from '@/testing/server'

const data: AgentPages = {
  pages: [
    { items: [anAgent('a'), anAgent('b')], next_cursor: 'b' },
    { items: [anAgent('c')], next_cursor: null },
  ],
  pageParams: [undefined, 'b'],
}

describe('patchAgents', () => {
  it('replaces an agent where it stands and leaves other pages as they are', () => {
    const gone = anAgent('b', { status: 'offline' })
    const next = patchAgents(data, new Map([[gone.id, gone]]))
    expect(next.pages[0]?.items.map((agent) => agent.status)).toEqual(['online', 'offline'])
    expect(next.pages[1]).toBe(data.pages[1])
  })

  it('answers the same data when nothing in it changed', () => {
    expect(patchAgents(data, new Map([['other', anAgent('z')]]))).toBe(data)
  })

  it('knows whether all of some agents are held', () => {
    expect(holdsAll(data, ['agent-a', 'agent-c'])).toBe(true)
    expect(holdsAll(data, ['agent-a', 'agent-z'])).toBe(false)
    expect(holdsAll(undefined, ['agent-a'])).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'

import { agentFilter, isFiltered, noFilter, toggleRequirement } from '@/features/hosts/host-filter'

describe('host filter', () => {
  it('adds a requirement, and takes it out when it is there', () => {
    expect(toggleRequirement('', 'role=web')).toBe('role=web')
    expect(toggleRequirement('env in (a,b),role=web', 'region=eu')).toBe('env in (a,b),role=web,region=eu')
    expect(toggleRequirement('env in (a,b),role=web', 'role=web')).toBe('env in (a,b)')
    expect(toggleRequirement('role=web', 'role=web')).toBe('')
  })

  it('asks for outdated agents by version, not by status', () => {
    expect(agentFilter({ ...noFilter, state: 'outdated' })).toMatchObject({ status: '', outdated: true })
    expect(agentFilter({ ...noFilter, state: 'offline' })).toMatchObject({
      status: 'offline',
      outdated: false,
    })
  })

  it('knows whether anything is left out', () => {
    expect(isFiltered(noFilter)).toBe(false)
    expect(isFiltered({ ...noFilter, selector: 'role=web' })).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'

import { type Grant, grantsText, isLimited, roleWords } from '@/lib/grants'
import { hostLimits, may, whyNot, whyNotApprove } from '@/lib/permissions'

const pay = { team: 'pay' }
const web = { team: 'web' }
const limited: Grant[] = ['viewer', { role: 'operator', runbooks: 'team=pay', hosts: 'env in (dev,test)' }]

describe('a role that is limited', () => {
  it('reaches what its selectors match, and says what it covers', () => {
    expect(may(limited, 'execute', { runbook: pay })).toBe(true)
    expect(whyNot(limited, 'execute', { runbook: web })).toBe(
      'Your operator role covers only runbooks with team=pay and hosts with env in (dev,test): ' +
        'this is not among them.',
    )
    expect(may(limited, 'execute', { runbook: pay, hosts: [{ env: 'dev' }, { env: 'test' }] })).toBe(true)
    expect(may(limited, 'execute', { runbook: pay, hosts: [{ env: 'dev' }, { env: 'prod' }] })).toBe(false)
    expect(may(limited, 'execute')).toBe(true)
  })

  it('adds up with others of the same right', () => {
    const both: Grant[] = [
      { role: 'operator', hosts: 'env=dev' },
      { role: 'admin', hosts: 'env=test' },
    ]
    expect(may(both, 'execute', { hosts: [{ env: 'dev' }, { env: 'test' }] })).toBe(true)
    expect(hostLimits(both)).toEqual(['env=dev', 'env=test'])
    expect(hostLimits([...both, 'operator'])).toBeUndefined()
  })

  it('gives nothing by a selector that cannot be read', () => {
    expect(may([{ role: 'operator', runbooks: 'team in (' }], 'execute', { runbook: pay })).toBe(false)
  })

  it('does not administrate the fleet', () => {
    const admin: Grant[] = [{ role: 'admin', hosts: 'env=dev' }]
    expect(whyNot(admin, 'admin')).toMatch(/without limits/)
    expect(whyNot(admin, 'hosts', { hosts: [{ env: 'dev' }] })).toBeUndefined()
    expect(whyNot(admin, 'hosts', { hosts: [{}] })).toMatch(/covers only hosts with env=dev/)
    expect(whyNot(['admin'], 'admin')).toBeUndefined()
    expect(whyNot([{ role: 'admin', runbooks: null, hosts: ' ' }], 'admin')).toBeUndefined()
  })

  it('approves where it reaches', () => {
    const approver: Grant[] = [{ role: 'approver', runbooks: 'team=pay' }]
    expect(whyNotApprove(approver, false, { runbook: pay })).toBeUndefined()
    expect(whyNotApprove(approver, false, { runbook: web })).toMatch(/covers only runbooks with team=pay/)
    expect(whyNotApprove(limited, true, { runbook: pay })).toBeUndefined()
    expect(whyNotApprove(limited, false, { runbook: pay })).toMatch(/somebody else started this/)
    expect(whyNotApprove(['viewer'], true)).toBe('You need the approver role for this.')
  })
})

describe('roles in words', () => {
  it('say where they hold', () => {
    expect(grantsText(['viewer', 'operator'])).toBe('viewer, operator')
    expect(grantsText(limited)).toBe(
      'viewer; operator on runbooks with team=pay and hosts with env in (dev,test)',
    )
    expect(roleWords(limited)).toBe('viewer, operator (limited)')
    expect(limited.map(isLimited)).toEqual([false, true])
  })
})

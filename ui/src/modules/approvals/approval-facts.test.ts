import { describe, expect, it } from 'vitest'

import { approvalDifference } from '@/modules/approvals/approval-difference'
import {
  approvalHosts,
  expiryText,
  failureText,
  leftOut,
  parallelText,
} from '@/modules/approvals/approval-facts'
import { aStep, anApproval } from '@/testing/execution'

describe('facts of an approval', () => {
  it('words parallelism and the failure limit', () => {
    const config = { command: 'x', rollout: { max_parallel: 10, max_failures: 2 } }
    expect(parallelText(config, 45)).toBe('10 hosts at a time')
    expect(failureText(config, 45)).toBe('stops when more than 2 hosts failed')
    const shares = { command: 'x', rollout: { max_parallel: '25%', max_failures: '10%' } }
    expect(parallelText(shares, 45)).toBe('25% of the hosts at a time')
    expect(failureText(shares, 45)).toBe('stops when more than 10% failed')
    expect(parallelText({ command: 'x' }, 45)).toBe('all 45 hosts at once')
    expect(failureText({ command: 'x' }, 45)).toBe('stops at the first failure')
    expect(parallelText({ command: 'x' }, 1)).toBeUndefined()
  })

  it('counts hosts beyond those the approval lists, and those a retry leaves out', () => {
    const first = aStep({ host_counts: { success: 46, error: 2 } })
    const second = aStep({ id: 'step-2', attempt: 2, host_counts: { queued: 2 }, approval: anApproval() })
    expect(approvalHosts(second)).toBe(2)
    expect(approvalHosts(aStep({ host_counts: {}, approval: anApproval() }))).toBe(2)
    expect(leftOut(second, [first, second])).toBe(46)
    expect(leftOut(first, [first, second])).toBe(0)
  })

  it('counts the time down', () => {
    expect(expiryText('2026-11-21T12:12:29Z', Date.parse('2026-11-21T12:00:00Z'))).toBe('Expires in 12:29')
    expect(expiryText('2026-11-21T12:00:00Z', Date.parse('2026-11-21T12:00:00Z'))).toBe('Expired')
  })
})

describe('approvalDifference', () => {
  it('names text, hosts, values and the user', () => {
    const shown = anApproval()
    const now = anApproval({ digest: 'e' })
    now.commands = [
      { ...now.commands[0]!, command: 'a\nb', values: { RUNBOOK_VALUE_1: 'x', NEW: '1' }, run_as: null },
      { ...now.commands[0]!, host: 'web-3' },
    ]
    expect(approvalDifference(shown, now)).toEqual([
      { what: 'Command', before: ['systemctl restart "$RUNBOOK_VALUE_1"'], after: ['a', 'b'] },
      { what: 'Hosts', before: ['web-2'], after: ['web-3'] },
      { what: 'Value NEW', before: [], after: ['1'] },
      { what: 'Value RUNBOOK_VALUE_1', before: ['nginx; id'], after: ['x'] },
      { what: 'Runs as', before: ['app'], after: [] },
    ])
  })

  it('shows the digests when nothing that is listed differs', () => {
    expect(approvalDifference(anApproval(), anApproval({ digest: 'e' }))).toEqual([
      { what: 'Digest', before: ['d'.repeat(64)], after: ['e'] },
    ])
  })
})

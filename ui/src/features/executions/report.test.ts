import { describe, expect, it } from 'vitest'

import { lastLines, makeReport, reportMarkdown } from '@/features/executions/report'
import { aStep, aStepHost, anApproval, anExecution } from '@/testing/execution'
import { kNow } from '@/testing/server'

const given = [{ by: 'p2', by_name: 'dana', at: kNow, note: 'checked' }]

describe('report', () => {
  const execution = anExecution({
    title: 'Restart *web*',
    status: 'failed',
    end_time: '2026-11-21T12:01:05Z',
    parameters: { path: '/srv|x' },
    steps: [
      aStep({ id: 's2', attempt: 2, status: 'success', host_counts: { success: 1 } }),
      aStep({
        status: 'error',
        approval: anApproval({ given }),
        host_counts: { error: 1, success: 250 },
        hosts: [aStepHost('web|1', { status: 'error', exit_code: 3, reason: 'ended' })],
        output: 'one\n```\nthree\n',
      }),
    ],
  })
  const report = makeReport(execution, [])
  const text = reportMarkdown(report)

  it('says who, when, where and with which values', () => {
    expect(report.facts).toContainEqual(['Started by', 'mina'])
    expect(report.facts).toContainEqual(['Took', '1:05'])
    expect(report.parameters).toEqual([['path', '/srv|x']])
  })

  it('keeps every attempt in order, with approvals, hosts and the hash of what was approved', () => {
    expect(report.steps.map((each) => each.title)).toEqual(['1. Restart', '1. Restart, attempt 2'])
    const [first] = report.steps
    expect(first?.facts).toContainEqual(['Approved by', `dana, ${kNow}: checked`])
    expect(first?.facts).toContainEqual(['SHA-256 of what was approved', 'd'.repeat(64)])
    expect(first?.what).toBe('systemctl restart "$RUNBOOK_VALUE_1"')
    expect(first?.hostsLeftOut).toBe(250)
  })

  it('is Markdown in which nothing a host or person wrote becomes markup', () => {
    expect(text).toContain(String.raw`# Restart \*web\*`)
    expect(text).toContain(String.raw`| web\|1 | Failed | 3 |`)
    expect(text).toContain('And 250 more hosts.')
    expect(text).toContain('````\none\n```\nthree\n````')
  })

  it('keeps the last lines, without colours', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `\u001b[31mline ${i}\u001b[0m`)
    const last = lastLines(lines.join('\r\n') + '\n').split('\n')
    expect(last).toHaveLength(20)
    expect(last.at(-1)).toBe('line 29')
    expect(lastLines('')).toBe('')
  })
})

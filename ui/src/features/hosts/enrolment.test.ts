import { describe, expect, it } from 'vitest'

import { controllerAddress, likelyCauses, timeLeft } from '@/features/hosts/enrolment'

const kCommand = 'runbook-agent enroll --controller https://ops.example:8443 --token rbt_x --ca-sha256 ab'

describe('enrolment', () => {
  it("finds the agents' address in the command", () => {
    expect(controllerAddress(kCommand)).toEqual({ host: 'ops.example', port: '8443' })
    expect(controllerAddress('runbook-agent enroll --controller https://ops.example --token x')).toEqual({
      host: 'ops.example',
      port: '443',
    })
    expect(controllerAddress('runbook-agent run')).toBeUndefined()
  })

  it('counts a token down and says when it is over', () => {
    const now = Date.parse('2026-11-21T12:00:00Z')
    expect(timeLeft('2026-11-21T12:14:59Z', now)).toBe('14:59')
    expect(timeLeft('2026-11-21T12:00:00Z', now)).toBeUndefined()
  })

  it('names this controller in what to check', () => {
    const checks = likelyCauses(controllerAddress(kCommand)).map((cause) => cause.check ?? '')
    expect(checks).toContain('getent hosts ops.example')
    expect(checks.join('\n')).toContain('/dev/tcp/ops.example/8443')
  })
})

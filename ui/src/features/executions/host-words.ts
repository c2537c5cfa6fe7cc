// A host of a step in words. Pure.
import { statusWord } from '@/components/status'
import { bytes } from '@/lib/format'
import type { StepHost } from '@/lib/model'
import { between, duration } from '@/lib/time'

export function exitText(host: StepHost): string {
  if (host.signal !== null) return `signal ${host.signal}`
  return host.exit_code === null ? '' : `exit ${host.exit_code}`
}

export function hostDuration(host: StepHost, now: number): string {
  const passed = between(host.start_time, host.end_time, now)
  return passed === undefined ? '' : duration(passed)
}

// "pay-14, Failed, exit 1, 0:31, killed by the kernel"
export function hostDescription(host: StepHost): string {
  const passed = host.end_time ? hostDuration(host, 0) : ''
  return [host.host, statusWord(host.status), exitText(host), passed, host.reason].filter(Boolean).join(', ')
}

export function hostTip(host: StepHost, now: number): string[] {
  const facts = [statusWord(host.status), exitText(host), hostDuration(host, now)].filter(Boolean).join(', ')
  const printed = host.output_bytes > 0 ? `${bytes(host.output_bytes)} of output` : 'no output yet'
  return [host.host, facts, printed, host.reason ?? ''].filter(Boolean)
}

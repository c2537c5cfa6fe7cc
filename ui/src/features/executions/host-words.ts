// A host of a step in words. Pure.
import { statusWord } from '@/components/status'
import { bytes } from '@/lib/format'
import type { StepHost } from '@/lib/model'
import { between, duration } from '@/lib/time'

// The words before the reason of a host that did not begin, and what they mean to a person.
const kRefusals: Record<string, string> = {
  policy: 'The host’s own policy forbids it',
  bad_signature: 'The host did not take it for its controller’s',
  bad_digest: 'It is not the command that was approved',
  replayed: 'The host was sent this before',
  expired: 'It reached the host too late',
  not_permitted: 'The agent may not run commands as this user',
}

export interface Refusal {
  code: string
  words: string
  why: string // in the words of the host
}

// A host that said no ran nothing: that is no failed command.
export function refusalOf(host: Pick<StepHost, 'status' | 'reason'>): Refusal | undefined {
  if (host.status !== 'not_started' || host.reason === null) return undefined
  const [, code = '', why = ''] = /^([a-z_]+)(?:: ([^]*))?$/.exec(host.reason) ?? []
  const words = Object.hasOwn(kRefusals, code) ? kRefusals[code] : undefined
  return words === undefined ? undefined : { code, words, why }
}

export function shownStatus(host: StepHost): string {
  return refusalOf(host) ? 'refused' : host.status
}

export function reasonText(host: StepHost): string {
  const refusal = refusalOf(host)
  if (!refusal) return host.reason ?? ''
  return refusal.why ? `${refusal.words}: ${refusal.why}` : `${refusal.words}.`
}

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
  const state = statusWord(shownStatus(host))
  return [host.host, state, exitText(host), passed, reasonText(host)].filter(Boolean).join(', ')
}

export function hostTip(host: StepHost, now: number): string[] {
  const facts = [statusWord(shownStatus(host)), exitText(host), hostDuration(host, now)]
    .filter(Boolean)
    .join(', ')
  const printed = host.output_bytes > 0 ? `${bytes(host.output_bytes)} of output` : 'no output yet'
  return [host.host, facts, refusalOf(host) ? '' : printed, reasonText(host)].filter(Boolean)
}

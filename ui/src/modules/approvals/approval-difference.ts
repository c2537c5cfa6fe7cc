// What differs between the command a person looked at and the one that waits now. Pure.
import { type UsesCredentials, credentialsUsed } from '@/lib/credentials-used'
import type { StepApproval } from '@/lib/model'

export interface Difference {
  what: string
  before: string[]
  after: string[]
}

type Named = Record<string, string>

export function approvalDifference(shown: StepApproval, now: StepApproval): Difference[] {
  const old = shown.commands[0]
  const fresh = now.commands[0]
  const found = [
    ...lines('Command', old?.command ?? '', fresh?.command ?? ''),
    ...sets('Hosts', hosts(shown), hosts(now)),
    ...named('Value', old?.values, fresh?.values),
    ...named('Environment', old?.environment, fresh?.environment),
    ...named('Credential', uses(old), uses(fresh)),
    ...single('Runs as', old?.run_as, fresh?.run_as),
    ...single('Shell', old?.shell?.join(' '), fresh?.shell?.join(' ')),
    ...single('Working directory', old?.working_directory, fresh?.working_directory),
  ]
  if (found.length > 0) return found
  // Beyond the hosts that are listed here: only the digest tells.
  return [{ what: 'Digest', before: [shown.digest], after: [now.digest] }]
}

// One of the same name may be another one.
function uses(command: UsesCredentials = {}): Named {
  return Object.fromEntries(credentialsUsed(command).map(({ name, id }) => [name, id ?? name]))
}

const hosts = (approval: StepApproval) => approval.commands.map((command) => command.host)

function lines(what: string, before: string, after: string): Difference[] {
  if (before === after) return []
  return [{ what, before: before.trimEnd().split('\n'), after: after.trimEnd().split('\n') }]
}

function sets(what: string, before: string[], after: string[]): Difference[] {
  const gone = before.filter((each) => !after.includes(each))
  const come = after.filter((each) => !before.includes(each))
  return gone.length + come.length === 0 ? [] : [{ what, before: gone, after: come }]
}

function named(what: string, before: Named = {}, after: Named = {}): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.flatMap((name) => single(`${what} ${name}`, before[name], after[name]))
}

function single(what: string, before: string | null = null, after: string | null = null): Difference[] {
  if (before === after) return []
  return [{ what, before: before === null ? [] : [before], after: after === null ? [] : [after] }]
}

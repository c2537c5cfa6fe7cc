// The roles of a key while they are chosen, and what is sent of them. Pure.
import { type ScopedRole } from '@/lib/grants'
import type { Role } from '@/lib/model'
import { selectorFault } from '@/lib/selector'

export interface GrantDraft {
  role: Role
  limited: boolean
  runbooks: string
  hosts: string
}

export function freshGrant(role: Role): GrantDraft {
  return { role, limited: false, runbooks: '', hosts: '' }
}

export function isNowhere(draft: GrantDraft): boolean {
  return draft.limited && draft.runbooks.trim() === '' && draft.hosts.trim() === ''
}

// Why this cannot be sent as it is.
export function grantFault(draft: GrantDraft): string | undefined {
  if (!draft.limited) return undefined
  if (isNowhere(draft)) return 'Say which runbooks or hosts, or let the role hold everywhere.'
  const wrong = selectorFault(draft.runbooks) ?? selectorFault(draft.hosts)
  return wrong ? 'A selector cannot be read.' : undefined
}

export function sentGrant({ role, limited, runbooks, hosts }: GrantDraft): Role | ScopedRole {
  if (!limited) return role
  return {
    role,
    ...(runbooks.trim() !== '' && { runbooks: runbooks.trim() }),
    ...(hosts.trim() !== '' && { hosts: hosts.trim() }),
  }
}

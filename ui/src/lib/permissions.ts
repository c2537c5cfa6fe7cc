// Who may do what, as CONTRACT's table of rights says. The server decides; this only explains beforehand.
import type { Role } from '@/lib/model'

export type Right = 'execute' | 'author' | 'admin'

const kGrantedBy: Record<Right, Role[]> = {
  execute: ['operator', 'admin'],
  author: ['author', 'admin'],
  admin: ['admin'],
}

export function may(roles: readonly Role[], right: Right): boolean {
  return kGrantedBy[right].some((role) => roles.includes(role))
}

export function whyNot(roles: readonly Role[], right: Right): string | undefined {
  return may(roles, right) ? undefined : `You need the ${kGrantedBy[right][0]} role for this.`
}

// Whoever may only execute approves in executions they started themselves.
export function whyNotApprove(roles: readonly Role[], own: boolean): string | undefined {
  if (roles.includes('approver') || roles.includes('admin')) return undefined
  if (!roles.includes('operator')) return 'You need the approver role for this.'
  return own ? undefined : 'You need the approver role: somebody else started this.'
}

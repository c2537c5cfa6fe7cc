// Who may do what, as CONTRACT's table of rights says. The server decides; this only explains beforehand.
import { type Grant, type Where, cover, coversRunbook, isLimited, scopeText, scopedRole } from '@/lib/grants'
import type { Role } from '@/lib/model'

// admin: what concerns the whole fleet, which only an administrator without limits has; hosts: one host.
export type Right = 'execute' | 'author' | 'approve' | 'credentials' | 'hosts' | 'admin'

const kGrantedBy: Record<Right, Role[]> = {
  execute: ['operator', 'admin'],
  author: ['author', 'admin'],
  approve: ['approver', 'admin'],
  credentials: ['operator', 'admin'],
  hosts: ['admin'],
  admin: ['admin'],
}

function givers(grants: readonly Grant[], right: Right): Grant[] {
  return grants.filter((grant) => kGrantedBy[right].includes(scopedRole(grant).role))
}

function reach(had: readonly Grant[], right: Right, where: Where): boolean {
  return right === 'admin' ? had.some((grant) => !isLimited(grant)) : cover(had, where)
}

export function may(grants: readonly Grant[], right: Right, where: Where = {}): boolean {
  return reach(givers(grants, right), right, where)
}

export function whyNot(grants: readonly Grant[], right: Right, where: Where = {}): string | undefined {
  const had = givers(grants, right)
  if (had.length === 0) return `You need the ${kGrantedBy[right][0]} role for this.`
  if (reach(had, right, where)) return undefined
  if (right === 'admin') return 'This needs an admin role without limits; yours is limited.'
  return beyondText(had)
}

// "Your operator role covers only runbooks with team=pay: this is not among them."
function beyondText(had: readonly Grant[]): string {
  const places = [...new Set(had.map(scopeText))].join(', or ')
  const role = [...new Set(had.map((grant) => scopedRole(grant).role))].join(' or ')
  return `Your ${role} role covers only ${places}: this is not among them.`
}

// Whoever may only execute approves in executions they started themselves.
export function whyNotApprove(grants: readonly Grant[], own: boolean, where: Where = {}): string | undefined {
  if (may(grants, 'approve', where)) return undefined
  const approver = givers(grants, 'approve').length > 0
  const operator = givers(grants, 'execute').length > 0
  if (operator && own && may(grants, 'execute', where)) return undefined
  if (approver) return whyNot(grants, 'approve', where)
  if (!operator) return 'You need the approver role for this.'
  return own ? whyNot(grants, 'execute', where) : 'You need the approver role: somebody else started this.'
}

// The hosts a person may run a runbook on: selectors of which one must match, nothing when all hosts.
export function hostLimits(grants: readonly Grant[], where: Where = {}): string[] | undefined {
  const limits = givers(grants, 'execute')
    .filter((grant) => coversRunbook(grant, where.runbook))
    .map((grant) => scopedRole(grant).hosts?.trim() ?? '')
  return limits.length === 0 || limits.includes('') ? undefined : [...new Set(limits)]
}

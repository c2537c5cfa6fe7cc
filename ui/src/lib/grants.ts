// Roles as somebody has them: everywhere, or only on the runbooks and hosts that selectors name. Pure.
import type { Labels, Role } from '@/lib/model'
import { parseSelector } from '@/lib/selector'
import { selects } from '@/lib/selector-match'

export interface ScopedRole {
  role: Role
  runbooks?: string | null | undefined // a selector; everything when there is none
  hosts?: string | null | undefined
}

export type Grant = Role | ScopedRole

// What a right is asked for on; what is not named is not asked about.
export interface Where {
  runbook?: Labels | undefined
  hosts?: readonly Labels[] | undefined // all of them
}

export function scopedRole(grant: Grant): ScopedRole {
  return typeof grant === 'string' ? { role: grant } : grant
}

function written(selector: string | null | undefined): string {
  return selector?.trim() ?? ''
}

export function isLimited(grant: Grant): boolean {
  const { runbooks, hosts } = scopedRole(grant)
  return written(runbooks) !== '' || written(hosts) !== ''
}

// A selector that cannot be read reaches nothing.
function reaches(selector: string | null | undefined, labels: Labels | undefined): boolean {
  if (labels === undefined || written(selector) === '') return true
  const { requirements } = parseSelector(written(selector))
  return requirements !== undefined && selects(requirements, labels)
}

export function coversRunbook(grant: Grant, runbook: Labels | undefined): boolean {
  return reaches(scopedRole(grant).runbooks, runbook)
}

// Several grants reach together what each of them reaches.
export function cover(grants: readonly Grant[], { runbook, hosts = [] }: Where): boolean {
  const there = grants.filter((grant) => coversRunbook(grant, runbook))
  const reached = (host: Labels) => there.some((grant) => reaches(scopedRole(grant).hosts, host))
  return there.length > 0 && hosts.every(reached)
}

// "runbooks with team=pay and hosts with env=staging"
export function scopeText(grant: Grant): string | undefined {
  const { runbooks, hosts } = scopedRole(grant)
  const parts = [
    written(runbooks) && `runbooks with ${written(runbooks)}`,
    written(hosts) && `hosts with ${written(hosts)}`,
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(' and ') : undefined
}

// "operator on hosts with env=staging"
export function grantText(grant: Grant): string {
  const { role } = scopedRole(grant)
  const scope = scopeText(grant)
  return scope ? `${role} on ${scope}` : role
}

export function grantsText(grants: readonly Grant[]): string {
  return grants.map(grantText).join(grants.some(isLimited) ? '; ' : ', ')
}

// The short form for narrow places: "operator*", where * is explained beside it.
export function roleWords(grants: readonly Grant[]): string {
  const roles = [...new Set(grants.map((grant) => scopedRole(grant).role))]
  return roles
    .map((role) => {
      const own = grants.filter((grant) => scopedRole(grant).role === role)
      return own.every(isLimited) ? `${role} (limited)` : role
    })
    .join(', ')
}

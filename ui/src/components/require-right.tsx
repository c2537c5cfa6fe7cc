// A page's content for those who may see it; the others learn which role they need and whom to ask.
import type { ReactNode } from 'react'

import { NotAllowed } from '@/components/not-allowed'
import { scopedRole } from '@/lib/grants'
import type { Role } from '@/lib/model'
import { type Right, may } from '@/lib/permissions'
import type { RoleRight } from '@/lib/use-roles'
import { useMe } from '@/lib/use-me'

interface Props {
  right: Right
  needs: Role // the least that would do
  givenBy: RoleRight // the right by which those who can help are found
  what: string // "see credentials"
  children: ReactNode
}

export function RequireRight({ right, needs, givenBy, what, children }: Props) {
  const me = useMe().data
  if (!me) return null
  if (may(me.roles, right)) return children
  const limited = me.roles.some((grant) => scopedRole(grant).role === needs)
  return <NotAllowed needs={needs} right={givenBy} what={what} limited={limited} />
}

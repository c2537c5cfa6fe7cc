// Instead of a page somebody may not see: which role it needs, and whom to ask.
import { Lock } from 'lucide-react'

import { EmptyState } from '@/components/notice'
import type { Role } from '@/lib/model'
import { type RoleRight, peopleWith, useRoles } from '@/lib/use-roles'

const kNames = 6

interface Props {
  needs: Role // the least that would do
  right: RoleRight
  what: string // "see credentials"
  limited?: boolean // has the role, but not everywhere
}

export function NotAllowed({ needs, right, what, limited = false }: Props) {
  const people = peopleWith(useRoles().data, right)
  return (
    <EmptyState icon={Lock}>
      You need {limited ? `an ${needs} role without limits` : `the ${needs} role`} to {what}.
      {people.length > 0 && ` Ask: ${peopleText(people)}.`}
    </EmptyState>
  )
}

export function peopleText(people: string[]): string {
  const more = people.length - kNames
  return people.slice(0, kNames).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

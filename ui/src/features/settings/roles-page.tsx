import { Check, Minus } from 'lucide-react'
import { useState } from 'react'

import { SelectField } from '@/components/field'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { peopleText } from '@/components/not-allowed'
import { Section } from '@/components/section'
import { rightWords } from '@/features/settings/role-words'
import { SettingsFrame } from '@/features/settings/settings-frame'
import { grantsText } from '@/lib/grants'
import { useMe } from '@/lib/use-me'
import { type RoleList, type RoleRight, peopleWith, useRoles } from '@/lib/use-roles'

export function RolesPage() {
  const roles = useRoles()
  return (
    <SettingsFrame title="Roles">
      {roles.isError && !roles.data ? (
        <ErrorState
          what="The roles could not be loaded."
          error={roles.error}
          onRetry={() => void roles.refetch()}
        />
      ) : roles.isPending ? (
        <SkeletonRows />
      ) : (
        <>
          <WhoCan roles={roles.data} />
          <Rights roles={roles.data} />
          <Limits />
          <People roles={roles.data} />
        </>
      )}
    </SettingsFrame>
  )
}

function WhoCan({ roles }: { roles: RoleList }) {
  const [right, setRight] = useState<RoleRight>('approve')
  const people = peopleWith(roles, right)
  const question = rightWords.find((each) => each.right === right)?.question ?? right
  return (
    <Section title="Who can …?">
      <div className="flex flex-col gap-2">
        <div className="max-w-sm">
          <SelectField
            label="Who can"
            value={right}
            onChange={(event) => setRight(event.target.value as RoleRight)}
          >
            {rightWords.map((each) => (
              <option key={each.right} value={each.right}>
                {each.question}
              </option>
            ))}
          </SelectField>
        </div>
        <p role="status">
          {people.length > 0 ? (
            <>
              <strong className="font-semibold">{people.join(', ')}</strong> can {question}.
            </>
          ) : (
            `Nobody can ${question}.`
          )}
        </p>
      </div>
    </Section>
  )
}

function Rights({ roles }: { roles: RoleList }) {
  return (
    <Section title="What each role allows" detail="Roles add up; none implies another." flush>
      {/* On a phone the table scrolls sideways, and the keyboard must be able to. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div tabIndex={0} role="region" aria-label="What each role may do" className="relative overflow-x-auto">
        <table aria-label="Rights of the roles" className="w-full text-left">
          <thead>
            <tr className="border-b border-line text-small text-mute">
              <th scope="col" className="h-8 px-3 font-medium">
                Right
              </th>
              {roles.items.map((role) => (
                <th key={role.role} scope="col" className="px-3 text-center font-medium">
                  {role.role}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rightWords.map(({ right, words }) => (
              <tr key={right} className="border-b border-line last:border-0">
                <th scope="row" className="h-9 px-3 font-normal">
                  {words}
                </th>
                {roles.items.map((role) => (
                  <td key={role.role} className="px-3 text-center">
                    <Mark yes={role.rights.includes(right)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

function Limits() {
  const grants = useMe().data?.roles ?? []
  return (
    <Section title="Where a role holds" detail="Chosen when a key is made.">
      <div className="flex flex-col gap-2">
        <p>
          A role holds everywhere, or only on the runbooks and hosts whose labels match its selectors, as they
          are labelled now. What lies outside is not shown: to that key it is as if it were not there.
        </p>
        <p className="text-mute">
          An execution can be seen and touched only when all of its hosts are inside. Whoever starts a runbook
          reaches only the hosts of their own role; that stays with the execution. Keys, tokens, credentials,
          audit and metrics need an admin role without limits.
        </p>
        {grants.length > 0 && (
          <p>
            You are <strong className="font-semibold">{grantsText(grants)}</strong>.
          </p>
        )}
      </div>
    </Section>
  )
}

function Mark({ yes }: { yes: boolean }) {
  const Icon = yes ? Check : Minus
  return (
    <>
      <Icon aria-hidden size={16} className={yes ? 'inline text-success' : 'inline text-faint'} />
      <span className="sr-only">{yes ? 'yes' : 'no'}</span>
    </>
  )
}

const kNobody = 'nobody'

function People({ roles }: { roles: RoleList }) {
  return (
    <Section title="Who has them" detail="Owners of keys that may be used now.">
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2">
        {roles.items.map((role) => (
          <div key={role.role} className="contents">
            <dt className="font-medium">{role.role}</dt>
            <dd>
              {role.people.length > 0 ? (
                peopleText(role.people)
              ) : (
                <span className="text-faint">{kNobody}</span>
              )}
              <p className="text-small text-mute">{role.description}</p>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

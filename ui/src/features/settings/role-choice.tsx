// Which roles a key has, and where each of them holds.
import { Choice } from '@/components/choice'
import { FieldError, FieldGroup } from '@/components/field-group'
import { type GrantDraft, freshGrant, grantFault } from '@/features/settings/grant-drafts'
import { ScopeFields } from '@/features/settings/scope-fields'
import type { Role } from '@/lib/model'
import { useRoles } from '@/lib/use-roles'

export const kRoles: { role: Role; words: string }[] = [
  { role: 'viewer', words: 'sees runbooks, executions, output and hosts' },
  { role: 'operator', words: 'runs runbooks and confirms their own commands' },
  { role: 'approver', words: "approves other people's commands" },
  { role: 'author', words: 'writes runbooks' },
  { role: 'admin', words: 'all of these, and keys, hosts, credentials, audit' },
]

const kWhere = [
  { value: 'everywhere', label: 'Everywhere' },
  { value: 'limited', label: 'Only on some runbooks or hosts' },
] as const

interface Props {
  value: GrantDraft[]
  onChange: (value: GrantDraft[]) => void
  tried: boolean // what is missing is said once it was tried to send it
  error: string | undefined
  errorAt: (pointer: string) => string | undefined // below /roles
}

export function RoleChoice({ value, onChange, tried, error, errorAt }: Props) {
  const told = useRoles().data?.items
  const order = kRoles.map(({ role }) => role)
  const toggle = (role: Role) =>
    onChange(
      value.some((each) => each.role === role)
        ? value.filter((each) => each.role !== role)
        : [...value, freshGrant(role)].sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role)),
    )
  const change = (role: Role, more: Partial<GrantDraft>) =>
    onChange(value.map((each) => (each.role === role ? { ...each, ...more } : each)))
  return (
    <FieldGroup label="Roles" description="They add up; none implies another." error={error}>
      {kRoles.map(({ role, words }) => {
        const index = value.findIndex((each) => each.role === role)
        const draft = value[index]
        return (
          <div key={role} className="flex flex-col gap-1.5">
            <label className="flex min-h-6 items-start gap-2 max-md:min-h-11">
              <input
                type="checkbox"
                checked={draft !== undefined}
                onChange={() => toggle(role)}
                className="mt-0.5 size-4 shrink-0 accent-accent"
              />
              <span>
                <span className="font-medium">{role}</span>{' '}
                <span className="text-mute">
                  {told?.find((each) => each.role === role)?.description ?? words}
                </span>
              </span>
            </label>
            {draft && (
              <Where
                draft={draft}
                tried={tried}
                onChange={(more) => change(role, more)}
                errorAt={(field) => errorAt(`/${index}${field}`)}
              />
            )}
          </div>
        )
      })}
    </FieldGroup>
  )
}

interface WhereProps {
  draft: GrantDraft
  tried: boolean
  onChange: (more: Partial<GrantDraft>) => void
  errorAt: (field: string) => string | undefined
}

function Where({ draft, tried, onChange, errorAt }: WhereProps) {
  const own = tried ? grantFault(draft) : undefined
  return (
    <div className="mb-1 ml-6 flex flex-col gap-2">
      <Choice
        label={`Where ${draft.role} holds`}
        options={kWhere}
        value={draft.limited ? 'limited' : 'everywhere'}
        onChange={(next) => onChange({ limited: next === 'limited' })}
      />
      {draft.limited && (
        <>
          <ScopeFields draft={draft} onChange={onChange} errorAt={(field) => errorAt(`/${field}`)} />
          {draft.role === 'admin' && (
            <p className="text-small text-mute">
              Keys, tokens, credentials, audit and metrics concern the whole fleet: only an admin without
              limits has them.
            </p>
          )}
        </>
      )}
      <FieldError id={`where-${draft.role}`} error={errorAt('') ?? own} />
    </div>
  )
}

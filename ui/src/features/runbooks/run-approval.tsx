// How the commands of a run are confirmed: one by one while it runs, or all of them by starting it.
import { Hand, ShieldCheck } from 'lucide-react'
import { useId } from 'react'

import { cx } from '@/components/class-names'
import { peopleText } from '@/components/not-allowed'
import { type ApprovalChoice, type Asked, approvalPlan, askedText } from '@/features/runbooks/approval-plan'
import { CommandText } from '@/features/runbooks/block-list'
import { targetsText, usesFacts } from '@/features/runbooks/block-kinds'
import { type Runbook, isCommand } from '@/lib/model'
import { useMe } from '@/lib/use-me'
import { peopleWith, useRoles } from '@/lib/use-roles'

const kChoices = [
  {
    value: 'each',
    label: 'Ask me before each command',
    about: 'The run waits at every command that asks, and shows exactly what would run.',
    icon: Hand,
  },
  {
    value: 'preapproved',
    label: 'I confirm all commands now',
    about: 'The commands below run without asking you again.',
    icon: ShieldCheck,
  },
] as const

interface Props {
  runbook: Runbook
  value: ApprovalChoice
  onChange: (value: ApprovalChoice) => void
}

export function RunApproval({ runbook, value, onChange }: Props) {
  const name = useId()
  const plan = approvalPlan(runbook.blocks, value)
  return (
    <>
      <div role="radiogroup" aria-label="Confirmation of commands" className="flex flex-col gap-2">
        {kChoices.map((choice) => (
          <label
            key={choice.value}
            className={cx(
              'grid cursor-pointer grid-cols-[16px_16px_1fr] gap-x-2.5 rounded-md border px-3 py-2',
              choice.value === value ? 'border-accent bg-accent-bg' : 'border-line2 hover:bg-raised',
            )}
          >
            <input
              type="radio"
              name={name}
              aria-label={choice.label}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
              className="mt-0.5 size-4 accent-accent"
            />
            <choice.icon aria-hidden size={16} className="mt-0.5 text-mute" />
            <span>
              <span className="font-semibold">{choice.label}</span>
              <span className="block text-mute">{choice.about}</span>
            </span>
          </label>
        ))}
      </div>
      <Deciders plan={plan} />
      <ol className="flex flex-col gap-2" aria-label="Commands">
        {plan.map((asked) => (
          <Command key={asked.block.id} asked={asked} runbook={runbook} shown={value === 'preapproved'} />
        ))}
      </ol>
    </>
  )
}

function Deciders({ plan }: { plan: Asked[] }) {
  const people = peopleWith(useRoles().data, 'approve')
  if (people.length === 0 || plan.every((asked) => asked.missing === 0)) return null
  return <p className="text-mute">May approve every command: {peopleText(people)}.</p>
}

function Command({ asked, runbook, shown }: { asked: Asked; runbook: Runbook; shown: boolean }) {
  const me = useMe().data?.name ?? ''
  const { block, number } = asked
  if (!isCommand(block)) return null
  const { config } = block
  return (
    <li>
      <details open={shown} className="rounded-md border border-line">
        <summary className="min-h-7 px-3 py-1.5 hover:bg-raised max-md:min-h-11">
          <span className="font-semibold">
            {number}. {block.name}
          </span>{' '}
          <span className="text-mute">
            on {targetsText(config) ?? 'the hosts above'}
            {config.run_as && `, as ${config.run_as}`}
            {usesFacts(config).map((fact) => `, ${fact}`)}:
          </span>{' '}
          <span className={cx(asked.missing > 0 && 'text-waiting')}>
            {askedText(asked, { me, author: runbook.version.created_by_name })}
          </span>
        </summary>
        <div className="px-3 pb-3">
          <CommandText config={config} />
        </div>
      </details>
    </li>
  )
}

// The hosts of a run: those the runbook names stay as they are, a choice is given only for steps that name
// none. So a run never reaches more than its author allowed.
import { Lock, TriangleAlert } from 'lucide-react'

import type { fieldFaults, RunForm } from '@/features/runbooks/use-run-form'
import { needsTargets } from '@/features/runbooks/use-run-hosts'
import { blocksText, Matched, whereGroups } from '@/features/runbooks/where'
import { toApiError } from '@/lib/api-client'
import type { Runbook } from '@/lib/model'
import { TargetPicker } from '@/modules/fleet/target-picker'

interface Props {
  runbook: Runbook
  form: RunForm
  faults: ReturnType<typeof fieldFaults>
}

export function RunHosts({ runbook, form, faults }: Props) {
  const { groups, open } = whereGroups(runbook.blocks)
  const matchProblem = form.hosts.forRun.error ? toApiError(form.hosts.forRun.error) : undefined
  return (
    <>
      {form.hosts.limits && (
        <p className="flex items-start gap-2 text-waiting">
          <TriangleAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
          Your role runs this only on hosts with {form.hosts.limits.join(', or with ')}: others are left out.
        </p>
      )}
      {groups.map((group) => (
        <div key={group.text} className="flex flex-col gap-0.5 rounded-md border border-line px-3 py-2">
          <span className="flex items-center gap-2">
            <Lock aria-hidden size={14} className="shrink-0 text-mute" />
            <code className="font-mono text-small break-all">{group.text}</code>
          </span>
          <Matched targets={group.targets} />
          <span className="text-small text-mute">
            {blocksText(group.blocks.map(({ number }) => number))}, set by the runbook
          </span>
        </div>
      ))}
      {needsTargets(runbook) && (
        <>
          {groups.length > 0 && (
            <p className="text-mute">Choose the hosts of {blocksText(open).toLowerCase()}:</p>
          )}
          <TargetPicker
            value={form.targets}
            onChange={form.setTargets}
            error={faults.targets}
            selectorError={faults.selector ?? matchProblem?.faults[0]?.message ?? matchProblem?.message}
            hostsError={faults.hosts}
          />
        </>
      )}
    </>
  )
}

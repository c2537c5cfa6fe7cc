// A command that waits: exactly what would run and where, who has approved it, and the answers to it.
import { Clock, TriangleAlert, UserCheck, UserX } from 'lucide-react'
import { type Ref, useId } from 'react'

import { cx } from '@/components/class-names'
import { counted } from '@/lib/format'
import type { StepApproval } from '@/lib/model'
import { ago, exactTime } from '@/lib/time'
import { useNow } from '@/lib/use-now'
import { useVersion } from '@/lib/use-version'
import { ApprovalActions } from '@/modules/approvals/approval-actions'
import { ApprovalChanged } from '@/modules/approvals/approval-changed'
import { ApprovalCommand } from '@/modules/approvals/approval-command'
import { approvalHosts, approvalsText, expiryText } from '@/modules/approvals/approval-facts'
import { type Approval, type ApprovalProps, useApproval } from '@/modules/approvals/use-approval'

type Props = ApprovalProps & { ref?: Ref<HTMLElement> }

// Nothing while the step does not wait for an approval.
export function ApprovalCard(props: Props) {
  const { step } = props
  if (step.status !== 'awaiting_approval' || !step.approval) return null
  return <Waiting key={step.id} {...props} waiting={step.approval} />
}

function Waiting({ waiting, ref, ...props }: Props & { waiting: StepApproval }) {
  const { execution, step, number, steps } = props
  const given = useApproval(props, waiting)
  const version = useVersion(execution.runbook_id, execution.version_id)
  const block = version.data?.blocks.find((each) => each.id === step.block_id)
  const title = useId()
  return (
    <section
      ref={ref}
      aria-labelledby={title}
      className="scroll-mt-3 rounded-lg border border-waiting bg-surface p-3 pl-3.5"
    >
      <div
        className={cx(
          'grid grid-cols-[16px_minmax(0,1fr)] gap-x-3.5 gap-y-2',
          'md:grid-cols-[16px_minmax(0,1fr)_auto]',
        )}
      >
        <TriangleAlert aria-hidden size={16} className="mt-0.5 text-waiting" />
        <div className="flex min-w-0 flex-col gap-2 max-md:col-span-1">
          <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <h2 id={title} className="font-semibold break-words">
              Step {number} wants to run on {counted(approvalHosts(step), 'host')}
            </h2>
            <span className="text-mute md:sr-only">{step.name}</span>
            <Given approval={waiting} />
            <Expiry approval={waiting} />
          </div>
          {given.difference && <ApprovalChanged difference={given.difference} onAccept={given.accept} />}
          <ApprovalCommand approval={given.approval} step={step} steps={steps ?? []} block={block} />
          <Barred given={given} />
        </div>
        <ApprovalActions
          given={given}
          step={step}
          number={number}
          className={cx(
            'md:min-w-44 md:flex-col',
            'max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:z-20 max-md:border-t max-md:border-line',
            'max-md:bg-surface max-md:p-3',
          )}
        />
      </div>
    </section>
  )
}

function Given({ approval }: { approval: StepApproval }) {
  const now = useNow()
  const names = approval.given.map((each) => `${each.by_name} approved ${ago(each.at, now)}`)
  return (
    <span className="text-mute">
      {[approvalsText(approval), ...names].join(', ')}
      {approval.other_person && ', by neither who started this nor who wrote it'}
    </span>
  )
}

function Expiry({ approval }: { approval: StepApproval }) {
  const now = useNow()
  return (
    <span className="tabular inline-flex items-center gap-1.5 text-mute">
      <Clock aria-hidden size={13} />
      <time dateTime={approval.expires_at} title={exactTime(approval.expires_at)}>
        {expiryText(approval.expires_at, now)}
      </time>
    </span>
  )
}

// Says in place why this person has no say; the buttons say it too.
function Barred({ given }: { given: Approval }) {
  const reason = given.difference ? undefined : given.whyNotApprove
  if (!reason) return null
  const Icon = reason.startsWith('You have approved') ? UserCheck : UserX
  return (
    <p className="flex items-start gap-2 text-waiting">
      <Icon aria-hidden size={14} className="mt-0.5 shrink-0" />
      {reason}
    </p>
  )
}

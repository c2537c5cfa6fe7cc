// A request that waits. The page is the question: its buttons answer at once, with the reason typed here.
import { CircleCheck, Clock, type LucideIcon, Server, TriangleAlert, User, UserX } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { Link } from 'react-router'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { TextArea } from '@/components/field'
import { ErrorState } from '@/components/notice'
import { ApprovalHeading } from '@/features/approvals/approval-heading'
import type { Answer } from '@/features/approvals/approval-words'
import { targetText, useLeftOut } from '@/features/approvals/left-out'
import { counted } from '@/lib/format'
import type { Execution, Step, StepApproval } from '@/lib/model'
import { paths } from '@/lib/paths'
import { ago, exactTime } from '@/lib/time'
import { useNow } from '@/lib/use-now'
import { useVersion } from '@/lib/use-version'
import { ApprovalChanged } from '@/modules/approvals/approval-changed'
import { ApprovalCommand } from '@/modules/approvals/approval-command'
import { approvalHosts, approvalsText, expiryText, missing } from '@/modules/approvals/approval-facts'
import { type Approval, useApproval } from '@/modules/approvals/use-approval'

interface Props {
  execution: Execution
  step: Step
  waiting: StepApproval
  answered: Answer | undefined
  onAnswered: (answer: Answer) => void
}

export function ApprovalRequest({ execution, step, waiting, answered, onAnswered }: Props) {
  const number = step.order + 1
  const { steps } = execution
  const given = useApproval({ execution, step, number, steps, onDone: onAnswered }, waiting)
  const version = useVersion(execution.runbook_id, execution.version_id)
  const block = version.data?.blocks.find((each) => each.id === step.block_id)
  const field = useRef<HTMLTextAreaElement>(null)
  const note = useNote(given, () => field.current?.focus())
  return (
    <>
      <div className="flex flex-1 flex-col gap-4 px-4 py-3 max-md:pb-28">
        <ApprovalHeading execution={execution} step={step} />
        {given.difference && <ApprovalChanged difference={given.difference} onAccept={given.accept} />}
        <ApprovalCommand approval={given.approval} step={step} steps={steps} block={block} />
        <Facts execution={execution} step={step} approval={waiting} />
        <Given approval={waiting} />
        {answered === 'approve' && <Thanks approval={waiting} execution={execution} />}
        {given.error !== null && <ErrorState what="This was not accepted." error={given.error} />}
        <TextArea
          ref={field}
          label="Reason"
          optional
          description="Kept in the record. A rejection needs one."
          error={note.lacking ? 'Say why you reject it.' : undefined}
          maxLength={1_000}
          value={note.text}
          onChange={(event) => note.type(event.target.value)}
        />
        <Barred given={given} />
      </div>
      <Foot given={given} step={step} note={note} />
    </>
  )
}

function useNote(given: Approval, focus: () => void) {
  const [text, setText] = useState('')
  const [lacking, setLacking] = useState(false)
  const trimmed = text.trim()
  return {
    text,
    lacking: lacking && trimmed === '',
    type: setText,
    approve: () => void given.approve(trimmed),
    reject: () => {
      setLacking(trimmed === '')
      if (trimmed === '') focus()
      else void given.reject(trimmed)
    },
  }
}

function Foot({ given, step, note }: { given: Approval; step: Step; note: ReturnType<typeof useNote> }) {
  const last = missing(given.approval) <= 1
  const hosts = counted(approvalHosts(step), 'host')
  return (
    <div
      className={cx(
        'grid grid-cols-2 gap-3 border-t border-line bg-surface p-4',
        'max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:z-20',
        'md:sticky md:bottom-0 md:rounded-t-lg md:border',
      )}
    >
      <Button
        className="h-12! w-full"
        reason={given.whyNotReject}
        disabled={given.pending}
        onClick={note.reject}
      >
        Reject
      </Button>
      <Button
        kind="go"
        className="h-12! w-full"
        reason={given.whyNotApprove}
        disabled={given.pending}
        aria-label={last ? `Approve and run on ${hosts}` : undefined}
        onClick={note.approve}
      >
        {given.pending ? 'Sending…' : last ? 'Approve and run' : 'Approve'}
      </Button>
    </div>
  )
}

function Fact({ icon: Icon, colour, children }: { icon: LucideIcon; colour?: string; children: ReactNode }) {
  return (
    <li className="flex items-start gap-3">
      <Icon aria-hidden size={16} className={cx('mt-0.5 shrink-0', colour ?? 'text-mute')} />
      <span className="min-w-0 break-words">{children}</span>
    </li>
  )
}

function Facts({ execution, step, approval }: { execution: Execution; step: Step; approval: StepApproval }) {
  const now = useNow()
  const left = useLeftOut(execution, step)
  const online = left.online === undefined ? '' : `: ${left.online} online`
  return (
    <ul aria-label="Facts" className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-3">
      <Fact icon={Server}>
        {targetText(left.targets)}
        {online}
      </Fact>
      {left.sentences.map((sentence) => (
        <Fact key={sentence} icon={TriangleAlert} colour="text-waiting">
          {sentence}
        </Fact>
      ))}
      <Fact icon={User}>
        Started by {execution.requested_by_name}
        {execution.reason && ` for ${execution.reason}`}
      </Fact>
      <Fact icon={Clock}>
        <time dateTime={approval.expires_at} title={exactTime(approval.expires_at)} className="tabular">
          {expiryText(approval.expires_at, now)}
        </time>
      </Fact>
    </ul>
  )
}

function Given({ approval }: { approval: StepApproval }) {
  const now = useNow()
  return (
    <section
      aria-label="Approvals so far"
      className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-3"
    >
      <p className="font-medium">
        {approvalsText(approval)}
        {approval.other_person && ', neither by who started this nor by who wrote it'}
      </p>
      {approval.given.map((each) => (
        <p key={each.by + each.at} className="flex items-start gap-2 text-success">
          <CircleCheck aria-hidden size={16} className="mt-0.5 shrink-0" />
          <span>
            {each.by_name} approved {ago(each.at, now)}
            {each.note && <span className="text-mute">: {each.note}</span>}
          </span>
        </p>
      ))}
    </section>
  )
}

// After an approval that was not the last one needed.
function Thanks({ approval, execution }: { approval: StepApproval; execution: Execution }) {
  return (
    <p role="status" className="rounded-lg border border-success bg-surface p-3">
      Your approval is kept. {counted(missing(approval), 'more approval')} needed before it runs.{' '}
      <Link to={paths.execution(execution.id)} className="text-accent underline">
        Open the execution
      </Link>
    </p>
  )
}

function Barred({ given }: { given: Approval }) {
  const reason = given.difference ? undefined : given.whyNotApprove
  if (!reason) return null
  return (
    <p className="flex items-start gap-2 text-waiting">
      <UserX aria-hidden size={16} className="mt-0.5 shrink-0" />
      {reason}
    </p>
  )
}

// A command that waits: exactly what would run and where, and the two answers to it.
import { Check, Hand, X } from 'lucide-react'
import { useState } from 'react'

import { Button } from '@/components/button'
import { TextArea } from '@/components/field'
import { ErrorState } from '@/components/notice'
import { useStepAction } from '@/features/executions/api'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { counted } from '@/lib/format'
import { useConnection } from '@/lib/live'
import type { Step, StepApproval } from '@/lib/model'
import { whyNotApprove } from '@/lib/permissions'
import { exactTime } from '@/lib/time'
import { useMe } from '@/lib/use-me'

interface Props {
  execution: ExecutionFacts
  step: Step
  number: number
}

export function ApprovalPanel({ execution, step, number }: Props) {
  const { approval } = step
  if (step.status !== 'awaiting_approval' || !approval) return null
  return (
    <section
      aria-label={`Approval of step ${number}: ${step.name}`}
      className="flex flex-col gap-3 rounded-lg border border-waiting bg-surface p-3"
    >
      <h2 className="flex items-center gap-2 font-semibold">
        <Hand aria-hidden size={16} className="text-waiting" />
        Step {number} waits for approval: {step.name}
      </h2>
      <p className="text-mute">
        {approval.given.length} of {counted(approval.required, 'approval')}
        {approval.other_person && ', by neither the requester nor the author'}; until{' '}
        <time dateTime={approval.expires_at}>{exactTime(approval.expires_at)}</time>
      </p>
      <Commands approval={approval} />
      <Answer key={approval.digest} execution={execution} step={step} digest={approval.digest} />
    </section>
  )
}

// All hosts run the same text, so it is shown once.
function Commands({ approval }: { approval: StepApproval }) {
  const first = approval.commands[0]
  if (!first) return null
  const values = { ...first.values, ...first.environment }
  return (
    <div className="flex flex-col gap-1">
      <p>
        On {approval.commands.map((command) => command.host).join(', ')}
        {first.run_as && `, as ${first.run_as}`}
        {first.working_directory && `, in ${first.working_directory}`}:
      </p>
      {/* eslint-disable jsx-a11y/no-noninteractive-tabindex -- long commands scroll inside */}
      <pre
        tabIndex={0}
        role="region"
        aria-label="Command to approve"
        className="console max-h-60 overflow-auto rounded-md px-3 py-2 font-mono text-[12px]/[18px]"
      >
        {first.command.trimEnd()}
      </pre>
      {/* eslint-enable jsx-a11y/no-noninteractive-tabindex */}
      {Object.entries(values).map(([name, value]) => (
        <p key={name} className="font-mono text-small break-all whitespace-pre-wrap">
          <span className="text-mute">{name}=</span>
          {value}
        </p>
      ))}
    </div>
  )
}

function Answer({ execution, step, digest }: { execution: ExecutionFacts; step: Step; digest: string }) {
  const [text, setText] = useState('')
  const act = useStepAction(execution.id)
  const me = useMe()
  const { reachable } = useConnection()
  const own = me.data?.id === execution.requested_by
  const reason =
    whyNotApprove(me.data?.roles ?? [], own) ?? (reachable ? undefined : 'The controller cannot be reached.')
  const note = text.trim()
  const approve = () =>
    act.mutate({ step: step.id, action: 'approve', body: { digest, ...(note && { note }) } })
  const reject = () => act.mutate({ step: step.id, action: 'reject', body: { reason: note } })
  return (
    <div className="flex flex-col gap-3">
      <TextArea
        label="Note"
        optional
        description="Kept with the approval; a rejection needs it as its reason."
        maxLength={1_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {act.isError && <ErrorState what="The answer was not taken." error={act.error} />}
      <div className="flex gap-2">
        <Button
          kind="go"
          icon={<Check aria-hidden size={15} />}
          reason={reason}
          disabled={act.isPending}
          onClick={approve}
        >
          Approve
        </Button>
        <Button
          kind="danger"
          icon={<X aria-hidden size={15} />}
          reason={reason ?? (note ? undefined : 'Say why in the note.')}
          disabled={act.isPending}
          onClick={reject}
        >
          Reject
        </Button>
      </div>
    </div>
  )
}

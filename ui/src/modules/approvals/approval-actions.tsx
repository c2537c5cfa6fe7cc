// Approve, reject, skip: each asks once more, waits for the controller, and shows its refusal in place.
import { useState } from 'react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { Kbd } from '@/components/kbd'
import { counted } from '@/lib/format'
import { useHotkeys } from '@/lib/hotkeys'
import type { Step } from '@/lib/model'
import { approvalHosts, missing } from '@/modules/approvals/approval-facts'
import { CommandBox } from '@/modules/approvals/approval-command'
import { ReasonDialog } from '@/modules/approvals/reason-dialog'
import { SkipDialog } from '@/modules/approvals/skip-dialog'
import type { Approval } from '@/modules/approvals/use-approval'

export type Asking = 'approve' | 'reject' | 'skip' | undefined

interface Props {
  given: Approval
  step: Step
  number: number
  className?: string
  keys?: boolean // Shift A, Shift R
}

export function ApprovalActions({ given, step, number, className, keys = true }: Props) {
  const [asking, setAsking] = useState<Asking>()
  const ask = (what: Asking) => {
    given.forget()
    setAsking(what)
  }
  useHotkeys(
    keys
      ? {
          'Shift A': () => given.whyNotApprove === undefined && ask('approve'),
          'Shift R': () => given.whyNotReject === undefined && ask('reject'),
        }
      : {},
  )
  return (
    <div className={cx('flex gap-2', className)}>
      <Button
        kind="go"
        className="justify-between! max-md:order-2 max-md:h-12 max-md:flex-1 max-md:justify-center!"
        reason={given.whyNotApprove}
        disabled={given.pending}
        onClick={() => ask('approve')}
      >
        {missing(given.approval) > 1 ? 'Approve' : 'Approve and run'} {keys && <Kbd>Shift A</Kbd>}
      </Button>
      <Button
        className="justify-between! max-md:order-1 max-md:h-12 max-md:flex-1 max-md:justify-center!"
        reason={given.whyNotReject}
        disabled={given.pending}
        onClick={() => ask('reject')}
      >
        Reject {keys && <Kbd>Shift R</Kbd>}
      </Button>
      <Button
        kind="quiet"
        className="justify-start! text-fg! max-md:h-12"
        reason={given.whyNotSkip}
        disabled={given.pending}
        onClick={() => ask('skip')}
      >
        Skip step
      </Button>
      <Question
        asking={asking}
        given={given}
        step={step}
        number={number}
        onClose={() => setAsking(undefined)}
      />
    </div>
  )
}

interface QuestionProps {
  asking: Asking
  given: Approval
  step: Step
  number: number
  onClose: () => void
}

function Question({ asking, given, step, number, onClose }: QuestionProps) {
  if (asking === undefined) return null
  const hosts = counted(approvalHosts(step), 'host')
  const name = `step ${number}: ${step.name}`
  const asked = { pending: given.pending, error: given.error, onClose }
  const send = (answer: Promise<boolean>) => void answer.then((over) => over && onClose())
  if (asking === 'reject')
    return (
      <ReasonDialog
        {...asked}
        title={`Reject ${name}?`}
        effect="Reject and stop the execution"
        kind="danger"
        label="Reason"
        required
        onSend={(reason) => send(given.reject(reason))}
      >
        <p>The step does not run, and the execution ends as stopped.</p>
      </ReasonDialog>
    )
  if (asking === 'skip')
    return <SkipDialog {...asked} step={step} number={number} onSend={(reason) => send(given.skip(reason))} />
  const more = missing(given.approval) - 1
  return (
    <ReasonDialog
      {...asked}
      title={`Approve ${name}?`}
      effect={more > 0 ? `Approve, ${counted(more, 'more')} needed` : `Approve and run on ${hosts}`}
      kind="go"
      label="Note"
      required={false}
      onSend={(note) => send(given.approve(note))}
    >
      <CommandBox text={given.approval.commands[0]?.command ?? ''} name="Command that runs" />
    </ReasonDialog>
  )
}

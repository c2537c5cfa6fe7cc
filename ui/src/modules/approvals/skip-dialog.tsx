// Asks once more before a step is skipped, wherever that is asked for.
import type { Step } from '@/lib/model'
import { ReasonDialog } from '@/modules/approvals/reason-dialog'

interface Props {
  step: Step
  number: number // of the step in the runbook, from 1
  pending: boolean
  error: unknown
  onSend: (reason: string) => void
  onClose: () => void
}

export function SkipDialog({ step, number, ...asked }: Props) {
  const runs = step.type === 'timer' && step.status === 'running'
  return (
    <ReasonDialog
      {...asked}
      title={`Skip step ${number}: ${step.name}?`}
      effect="Skip this step"
      kind="primary"
      label="Reason"
      required={false}
    >
      <p>{runs ? 'The timer ends now' : 'The step does not run'}; the execution goes on with the next one.</p>
    </ReasonDialog>
  )
}

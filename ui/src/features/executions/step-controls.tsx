// Skip and retry, where the step's state allows them.
import { RotateCcw, SkipForward } from 'lucide-react'
import { useState } from 'react'

import { Button } from '@/components/button'
import { ErrorState } from '@/components/notice'
import { type ExecutionFacts, hostTotal } from '@/features/executions/live-execution'
import { useWhyNotExecute } from '@/features/executions/run-header'
import { stepNumber } from '@/features/executions/step-facts'
import { type Step, hasEnded } from '@/lib/model'
import { useStepAction } from '@/modules/approvals/api'
import { SkipDialog } from '@/modules/approvals/skip-dialog'

export function maySkip(execution: ExecutionFacts, step: Step): boolean {
  if (hasEnded(execution.status) || execution.stop) return false
  if (step.type === 'timer' && step.status === 'running') return true
  return ['pending', 'awaiting_approval', 'awaiting_input'].includes(step.status)
}

export function mayRetry(execution: ExecutionFacts, step: Step, steps: Step[]): boolean {
  const newest = !steps.some((each) => each.block_id === step.block_id && each.attempt > step.attempt)
  return execution.status === 'failed' && newest && ['error', 'unknown'].includes(step.status)
}

interface Props {
  execution: ExecutionFacts
  step: Step
  steps: Step[]
}

// Use with a key: what is asked about must not become another step.
export function StepControls({ execution, step, steps }: Props) {
  const act = useStepAction(execution.id)
  const [asking, setAsking] = useState(false)
  const reason = useWhyNotExecute(execution)
  const skip = maySkip(execution, step)
  // Hosts are retried where they are shown.
  const retry = mayRetry(execution, step, steps) && hostTotal(step) === 0
  if (!skip && !retry) return null
  const ask = () => {
    act.reset()
    setAsking(true)
  }
  const send = (why: string) =>
    act.mutate(
      { step: step.id, action: 'skip', body: why ? { reason: why } : {} },
      { onSuccess: () => setAsking(false) },
    )
  const name = `step ${stepNumber(step)}: ${step.name}`
  return (
    <div className="flex flex-col gap-2">
      {act.isError && !asking && <ErrorState what="That was not accepted." error={act.error} />}
      <div className="flex gap-2">
        {skip && (
          <Button
            className="max-w-full"
            icon={<SkipForward aria-hidden size={14} className="shrink-0" />}
            reason={reason}
            disabled={act.isPending}
            onClick={ask}
          >
            <span className="truncate">Skip {name}</span>
          </Button>
        )}
        {retry && (
          <Button
            className="max-w-full"
            icon={<RotateCcw aria-hidden size={14} className="shrink-0" />}
            reason={reason}
            disabled={act.isPending}
            onClick={() => act.mutate({ step: step.id, action: 'retry', body: {} })}
          >
            <span className="truncate">Retry {name}</span>
          </Button>
        )}
      </div>
      {skip && asking && (
        <SkipDialog
          step={step}
          number={stepNumber(step)}
          pending={act.isPending}
          error={act.error}
          onSend={send}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  )
}

// Skip and retry, where the step's state allows them.
import { RotateCcw, SkipForward } from 'lucide-react'

import { Button } from '@/components/button'
import { ErrorState } from '@/components/notice'
import { type ExecutionFacts, hostTotal } from '@/features/executions/live-execution'
import { useConnection } from '@/lib/live'
import { type Step, hasEnded } from '@/lib/model'
import { whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'
import { useStepAction } from '@/modules/approvals/api'

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

export function StepControls({ execution, step, steps }: Props) {
  const act = useStepAction(execution.id)
  const me = useMe()
  const { reachable } = useConnection()
  const skip = maySkip(execution, step)
  // Hosts are retried where they are shown.
  const retry = mayRetry(execution, step, steps) && hostTotal(step) === 0
  if (!skip && !retry) return null
  const reason =
    whyNot(me.data?.roles ?? [], 'execute') ?? (reachable ? undefined : 'The controller cannot be reached.')
  return (
    <div className="flex flex-col gap-2">
      {act.isError && <ErrorState what="That was not accepted." error={act.error} />}
      <div className="flex gap-2">
        {skip && (
          <Button
            icon={<SkipForward aria-hidden size={14} />}
            reason={reason}
            disabled={act.isPending}
            onClick={() => act.mutate({ step: step.id, action: 'skip', body: {} })}
          >
            Skip this step
          </Button>
        )}
        {retry && (
          <Button
            icon={<RotateCcw aria-hidden size={14} />}
            reason={reason}
            disabled={act.isPending}
            onClick={() => act.mutate({ step: step.id, action: 'retry', body: {} })}
          >
            Retry
          </Button>
        )}
      </div>
    </div>
  )
}

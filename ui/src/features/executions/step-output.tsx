// The output of a command step, in the console.
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { useConnection } from '@/lib/live'
import type { Step, StepHost, StreamName } from '@/lib/model'
import { Console } from '@/modules/console/console'

const kStepEnded = ['success', 'error', 'skipped', 'stopped', 'unknown']

interface Props {
  feed: ExecutionFeed
  execution: ExecutionFacts
  step: Step
  host: StepHost | undefined
  stream: StreamName | undefined
  onHost: (agent: string | undefined) => void
  onStream: (stream: StreamName | undefined) => void
}

export function StepOutput({ feed, execution, step, host, stream, onHost, onStream }: Props) {
  const { phase } = useConnection()
  const ended = kStepEnded.includes(step.status)
  const streaming = step.status === 'running' && phase === 'live'
  const state = ended
    ? 'Complete'
    : step.status === 'pending'
      ? 'Not begun'
      : streaming
        ? 'Streaming, no gaps'
        : 'Not live'
  return (
    <Console
      key={step.id}
      execution={execution.id}
      step={step.id}
      live={feed.output}
      host={host && { agent: host.agent_id, name: host.host }}
      stream={stream}
      onHost={onHost}
      onStream={onStream}
      state={state}
      streaming={streaming}
    />
  )
}

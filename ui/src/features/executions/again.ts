// The same once more: version, values and hosts of an execution, from its start or from a step on. Pure.
import type { ExecuteInput, ExecutionSummary } from '@/lib/model'

interface How {
  from: string | undefined // slug of the first block to run
  inAdvance: boolean // the caller's own confirmation of every command
}

type Like = Pick<ExecutionSummary, 'version_id' | 'parameters' | 'targets' | 'reason'>

export function againInput(execution: Like, { from, inAdvance }: How): ExecuteInput {
  return {
    version_id: execution.version_id,
    parameters: execution.parameters,
    approval: inAdvance ? 'preapproved' : 'each',
    ...(execution.targets && { targets: execution.targets }),
    ...(execution.reason && { reason: execution.reason }),
    ...(from !== undefined && { steps: { from } }),
  }
}

// The same once more: version, values and hosts of an execution, from its start or from a step on. Pure.
import type { ExecuteInput, ExecutionSummary, Parameter, ParameterValue } from '@/lib/model'

interface How {
  from: string | undefined // slug of the first block to run
  inAdvance: boolean // the caller's own confirmation of every command
  secrets?: Record<string, ParameterValue> // which nobody can read back
}

type Like = Pick<ExecutionSummary, 'version_id' | 'parameters' | 'targets' | 'reason'>

// The secret parameters a value was given for: it must be given again.
export function secretsOf(
  execution: Pick<Like, 'parameters'>,
  parameters: readonly Parameter[],
): Parameter[] {
  return parameters
    .filter(({ name, secret }) => secret && Object.hasOwn(execution.parameters, name))
    .map((parameter) => ({ ...parameter, required: true }))
}

export function againInput(execution: Like, { from, inAdvance, secrets = {} }: How): ExecuteInput {
  return {
    version_id: execution.version_id,
    parameters: { ...execution.parameters, ...secrets },
    approval: inAdvance ? 'preapproved' : 'each',
    ...(execution.targets && { targets: execution.targets }),
    ...(execution.reason && { reason: execution.reason }),
    ...(from !== undefined && { steps: { from } }),
  }
}

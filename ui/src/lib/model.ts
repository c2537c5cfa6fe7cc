// The API's objects under short names. Everything here comes from the generated types.
import type { components } from '@/lib/api-types'

type Schemas = components['schemas']

export type Agent = Schemas['Agent']
export type AgentCounts = Schemas['AgentCounts']
export type AgentMatches = Schemas['AgentMatches']
export type AgentPage = Schemas['AgentPage']
export type AgentStatus = Schemas['AgentStatus']
export type ApiConfig = Schemas['ApiConfig']
export type ApiTry = Schemas['ApiTry']
export type ApiKey = Schemas['ApiKey']
export type ApiKeyPage = Schemas['ApiKeyPage']
export type AuditAction = Schemas['AuditAction']
export type AuditEvent = Schemas['AuditEvent']
export type AuditPage = Schemas['AuditPage']
export type AuditVerification = Schemas['AuditVerification']
export type Block = Schemas['Block']
export type Branch = Schemas['Branch']
export type CommandConfig = Schemas['CommandConfig']
export type ConditionConfig = Schemas['ConditionConfig']
export type EnrollmentToken = Schemas['EnrollmentToken']
export type EnrollmentTokenPage = Schemas['EnrollmentTokenPage']
export type DryRun = Schemas['DryRun']
export type ExecuteInput = Schemas['ExecuteInput']
export type Credential = Schemas['Credential']
export type CredentialPage = Schemas['CredentialPage']
export type Execution = Schemas['Execution']
export type ExecutionPage = Schemas['ExecutionPage']
export type ExecutionStatus = Schemas['ExecutionStatus']
export type ExecutionSummary = Schemas['ExecutionSummary']
export type Fault = Schemas['Fault']
export type Health = Schemas['Health']
export type HostStatus = Schemas['HostStatus']
export type InstructionConfig = Schemas['InstructionConfig']
export type LabelPage = Schemas['LabelPage']
export type Labels = Schemas['Labels']
export type Me = Schemas['Me']
export type NewApiKey = Schemas['NewApiKey']
export type NewEnrollmentToken = Schemas['NewEnrollmentToken']
export type Parameter = Schemas['Parameter']
export type PlannedHost = Schemas['PlannedHost']
export type Problem = Schemas['Problem']
export type Role = Schemas['Role']
export type RoleList = Schemas['RoleList']
export type Runbook = Schemas['Runbook']
export type RunbookPage = Schemas['RunbookPage']
export type RunbookSummary = Schemas['RunbookSummary']
export type Step = Schemas['Step']
export type StepApproval = Schemas['StepApproval']
export type StepHost = Schemas['StepHost']
export type StepHostPage = Schemas['StepHostPage']
export type StepStatus = Schemas['StepStatus']
export type Targets = Schemas['Targets']
export type TimerConfig = Schemas['TimerConfig']

export type ParameterValue = string | number | boolean
export type StreamName = 'stdout' | 'stderr'

export function isCommand(block: Block): block is Block & { config: CommandConfig } {
  return block.type === 'command'
}

export function isInstruction(block: Block): block is Block & { config: InstructionConfig } {
  return block.type === 'instruction'
}

export function isApi(block: Block): block is Block & { config: ApiConfig } {
  return block.type === 'api'
}

export function isCondition(block: Block): block is Block & { config: ConditionConfig } {
  return block.type === 'condition'
}

export function isTimer(block: Block): block is Block & { config: TimerConfig } {
  return block.type === 'timer'
}

export function hasEnded(status: ExecutionStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'stopped'
}

// What a command block runs, as one text to read.
export function commandText(config: CommandConfig): string {
  if (config.command !== undefined) return config.command
  return (config.argv ?? []).map(quoteArgument).join(' ')
}

function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`
}

// Text messages of /live (docs/live-protocol.md).
import type { Agent, Execution, ExecutionSummary, Step, StepHost } from '@/lib/model'

export type SnapshotStep = Step & { hosts?: StepHost[] }
export type Snapshot = Omit<Execution, 'steps'> & { steps: SnapshotStep[] }
export type ExecutionChange = Pick<ExecutionSummary, 'id' | 'status' | 'start_time' | 'end_time' | 'stop'>
export type HostChange = StepHost & { step_id: string }

export type ExecutionEvent =
  | { event: 'snapshot'; execution: string; seq: number; data: Snapshot }
  | { event: 'execution'; execution: string; seq: number; data: ExecutionChange }
  | { event: 'step'; execution: string; seq: number; data: Step }
  | { event: 'host'; execution: string; seq: number; data: HostChange }

export interface StreamEvent {
  event: 'stream'
  execution: string
  index: number
  step_id: string
  agent_id: string
  host: string
  attempt: string
}

export type LiveEvent =
  | ExecutionEvent
  | StreamEvent
  | { event: 'agent'; data: Agent }
  | { event: 'error'; code: string; message: string; execution?: string }
  | { event: 'pong'; n: number }

export interface ExecutionSubscription {
  execution: string
  from: Record<string, number>
  output: boolean
  step?: string
  host?: string // an agent: only its output
}

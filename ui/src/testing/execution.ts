// An execution and its steps for tests: a command on two hosts, running.
import type { Execution, Step, StepApproval, StepHost } from '@/lib/model'
import { kNow } from '@/testing/server'

export function aStepHost(host: string, more: Partial<StepHost> = {}): StepHost {
  return {
    agent_id: `agent-${host}`,
    host,
    attempt: 1,
    status: 'running',
    exit_code: null,
    signal: null,
    reason: null,
    output_bytes: 0,
    start_time: kNow,
    end_time: null,
    ...more,
  }
}

export function aStep(more: Partial<Step> = {}): Step {
  return {
    id: 'step-1',
    job_id: 'execution-1',
    block_id: 'block-1',
    slug: 'restart',
    name: 'Restart',
    type: 'command',
    order: 0,
    attempt: 1,
    status: 'running',
    reason: null,
    skip_cause: null,
    output_bytes: 0,
    output_truncated: false,
    exit_code: null,
    timestamp: kNow,
    end_time: null,
    approval: null,
    tries: [],
    note: null,
    completed_by: null,
    completed_by_name: null,
    text: null,
    value: null,
    due: null,
    http_status: null,
    headers: null,
    host_counts: { running: 2 },
    ...more,
  }
}

export function anApproval(more: Partial<StepApproval> = {}): StepApproval {
  const command = {
    command: 'systemctl restart "$RUNBOOK_VALUE_1"',
    values: { RUNBOOK_VALUE_1: 'nginx; id' },
    environment: {},
    run_as: 'app',
    working_directory: null,
  }
  return {
    digest: 'd'.repeat(64),
    required: 1,
    other_person: false,
    expires_at: new Date(Date.now() + 600_000).toISOString(),
    given: [],
    commands: [
      { ...command, host: 'web-1', agent_id: 'agent-web-1' },
      { ...command, host: 'web-2', agent_id: 'agent-web-2' },
    ],
    ...more,
  }
}

export function anExecution(more: Partial<Execution> = {}): Execution {
  return {
    id: 'execution-1',
    runbook_id: 'runbook-1',
    version_id: 'version-1',
    version_number: 3,
    title: 'Restart web',
    status: 'running',
    created_at: kNow,
    start_time: kNow,
    end_time: null,
    parameters: {},
    targets: { selector: 'role=web' },
    approval: 'each',
    requested_by: 'person-1',
    requested_by_name: 'mina',
    reason: null,
    stop: null,
    progress: { step: 1, of: 1 },
    host_counts: { total: 2, success: 0, failed: 0 },
    steps: [aStep()],
    ...more,
  }
}

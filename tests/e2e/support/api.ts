// A thin client of the REST API for tests.
import { createHash } from 'node:crypto'
import type { Controller } from './controller.ts'
import { waitUntil } from './controller.ts'

export interface Host {
  agent_id: string
  host: string
  status: string
  exit_code: number | null
  output_bytes: number
}
export interface StepApproval {
  digest: string
  required: number
  other_person: boolean
  given: { by: string; at: string; note: string | null }[]
  expires_at: string
  commands: { host: string; command: string }[]
}
export interface Try {
  at: string
  end: string | null
  http_status: number | null
  error: string | null
}
export interface Step {
  id: string
  slug: string
  order: number
  type: string
  status: string
  attempt: number
  output: string
  output_bytes: number
  exit_code: number | null
  reason: string | null
  note: string | null
  approval: StepApproval | null
  tries: Try[]
  hosts: Host[]
}
export interface Execution {
  id: string
  status: string
  steps: Step[]
  stop: unknown
}
export interface Agent {
  id: string
  host?: string
  name?: string
  status: string
}

export const ended = ['completed', 'failed', 'stopped']

export class Api {
  constructor(readonly controller: Controller) {}

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return await fetch(this.controller.url + path, {
      method,
      headers: {
        'X-API-KEY': this.controller.adminKey,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.request(method, path, body)
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  async agentsOnline(count: number): Promise<Agent[]> {
    let online: Agent[] = []
    await waitUntil(`${count} agents online`, async () => {
      const list = await this.json<{ items: Agent[] }>('GET', '/agents')
      online = list.items.filter((agent) => agent.status === 'online')
      return online.length >= count
    })
    return online
  }

  async createRunbook(blocks: unknown[], more: Record<string, unknown> = {}): Promise<{ id: string }> {
    return await this.json('POST', '/runbooks', { title: 'test', blocks, ...more })
  }

  async execute(runbook: string, hosts: string[], more: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.json<{ id: string }>('POST', `/runbooks/${runbook}/execute`, {
      approval: 'preapproved',
      targets: { hosts },
      ...more,
    })
    return answer.id
  }

  async runCommand(
    command: string,
    hosts: string[],
    config: Record<string, unknown> = {},
  ): Promise<string> {
    const runbook = await this.createRunbook([
      { name: 'Command', type: 'command', config: { command, ...config } },
    ])
    return await this.execute(runbook.id, hosts)
  }

  async execution(id: string): Promise<Execution> {
    return await this.json('GET', `/executions/${id}`)
  }

  async waitFor(id: string, statuses: string[] = ended, limitMs = 60_000): Promise<Execution> {
    let execution: Execution | undefined
    await waitUntil(
      `execution ${id} in ${statuses.join('/')}`,
      async () => {
        execution = await this.execution(id)
        return statuses.includes(execution.status)
      },
      limitMs,
    )
    return execution as Execution
  }

  // The newest step of a block.
  async step(id: string, slug: string): Promise<Step> {
    const found = (await this.execution(id)).steps.filter((step) => step.slug === slug).at(-1)
    if (found === undefined) throw new Error(`no step ${slug}`)
    return found
  }

  async waitForStep(id: string, slug: string, statuses: string[], limitMs = 60_000): Promise<Step> {
    let step: Step | undefined
    await waitUntil(
      `step ${slug} in ${statuses.join('/')}`,
      async () => {
        step = await this.step(id, slug)
        return statuses.includes(step.status)
      },
      limitMs,
    )
    return step as Step
  }

  // approve, reject, complete, skip or retry; the answer's status code.
  async act(id: string, step: Step, action: string, body: unknown = {}): Promise<number> {
    return (await this.request('POST', `/executions/${id}/steps/${step.id}/${action}`, body)).status
  }

  async control(id: string, action: string): Promise<number> {
    return (await this.request('POST', `/executions/${id}/control`, { action })).status
  }

  // The same controller, seen by somebody else.
  async as(name: string, roles: string[]): Promise<Api> {
    const { key } = await this.json<{ key: string }>('POST', '/api-keys', { name, owner: name, roles })
    return new Api({ ...this.controller, adminKey: key })
  }

  async output(execution: string, step: string, query = ''): Promise<Buffer> {
    const response = await this.request('GET', `/executions/${execution}/steps/${step}/output${query}`)
    if (!response.ok) throw new Error(`output: ${response.status} ${await response.text()}`)
    return Buffer.from(await response.arrayBuffer())
  }
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

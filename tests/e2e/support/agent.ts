// An agent of the test's own beside the local ones: enrolled through any address, ended with the test.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Api } from './api.ts'
import { agentProgram } from './controller.ts'

const execute = promisify(execFile)

export interface ExtraAgent {
  name: string
  process: ChildProcess
  stateDir: string
  token: string // the one it enrolled with
  stop: () => Promise<void>
}

export async function startAgent(
  api: Api,
  name: string,
  port: number,
  labels: Record<string, string> = {},
  stateFolder?: string, // of the agent's own otherwise
  flags: string[] = [], // of `run`
): Promise<ExtraAgent> {
  const token = await api.json<{ token: string; command: string }>('POST', '/enrollment-tokens', { labels })
  const ca = /--ca-sha256[= ]([0-9a-f]{64})/.exec(token.command)?.[1]
  if (ca === undefined) throw new Error(`no CA digest in: ${token.command}`)
  const stateDir = stateFolder ?? (await mkdtemp(join(tmpdir(), 'runbook-agent-')))
  await execute(agentProgram, [
    'enroll',
    '--controller',
    `https://127.0.0.1:${port}`,
    '--token',
    token.token,
    '--ca-sha256',
    ca,
    '--name',
    name,
    '--state-dir',
    stateDir,
  ])
  const child = spawn(agentProgram, ['run', '--state-dir', stateDir, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return {
    name,
    process: child,
    stateDir,
    token: token.token,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit')
        child.kill('SIGTERM')
        await exited
      }
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

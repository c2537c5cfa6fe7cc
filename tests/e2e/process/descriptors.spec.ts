// An agent with hardly any descriptors left and many commands at once: a command that cannot be started says
// so, and no byte of one ever shows up as another's.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { startAgent } from '../support/agent.ts'
import { agentProgram, waitUntil } from '../support/controller.ts'
import { expect, test } from '../support/fixtures.ts'

const commands = 64
const lines = 40
const printed = (at: number) => Array.from({ length: lines }, (_, i) => `pattern-${at}-${i}\n`).join('')

test('64 commands at once, most of them without a descriptor, never mix', async ({ api }) => {
  const agent = await startAgent(
    api,
    `narrow-${crypto.randomUUID().slice(0, 8)}`,
    Number(new URL(api.controller.agentUrl).port),
  )
  const exited = once(agent.process, 'exit')
  agent.process.kill('SIGTERM')
  await exited
  const start = `ulimit -n 60; exec '${agentProgram}' run --state-dir '${agent.stateDir}' <&- 2>/dev/null`
  const narrow = spawn('/bin/sh', ['-c', start], { stdio: ['ignore', 'ignore', 'ignore'] })
  try {
    await waitUntil('it came', async () => {
      const { items } = await api.json<{ items: { host: string; status: string }[] }>('GET', '/agents')
      return items.some((each) => each.host === agent.name && each.status === 'online')
    })
    // All go on until each of them has begun or was refused.
    const go = `${agent.stateDir}/go`
    const wait = `until [ -e '${go}' ]; do sleep 0.1; done`
    const began = await Promise.all(
      Array.from({ length: commands }, async (_, at) => {
        const command = `i=0; while [ $i -lt ${lines} ]; do echo pattern-${at}-$i; i=$((i+1)); done; ${wait}`
        return await api.runCommand(command, [agent.name])
      }),
    )
    for (const id of began)
      await waitUntil('it began or was refused', async () => {
        const status = (await api.execution(id)).steps[0]?.hosts[0]?.status ?? 'queued'
        return !['queued', 'dispatched'].includes(status)
      })
    await writeFile(go, '')
    const ended = await Promise.all(began.map(async (id) => await api.waitFor(id, undefined, 120_000)))
    const whole = ended.filter((execution) => execution.status === 'completed')
    for (const [at, execution] of ended.entries()) {
      const [step] = execution.steps
      if (execution.status === 'completed') expect(step?.output).toBe(printed(at))
      else expect(printed(at).startsWith(step?.output ?? '-'), step?.output).toBe(true)
    }
    // Some could not be started, or this is no test of it; the agent goes on all the same.
    expect(whole.length).toBeGreaterThan(0)
    expect(whole.length).toBeLessThan(commands)
    const after = await api.waitFor(await api.runCommand('echo after', [agent.name]))
    expect(after.steps[0]?.output).toBe('after\n')
  } finally {
    narrow.kill('SIGTERM')
    await once(narrow, 'exit')
    await agent.stop()
  }
})

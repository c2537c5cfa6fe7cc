// Another key that signs commands: the agents of `dev` are enrolled again, as other agents, and run commands;
// one that pinned the old key would run nothing.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Api } from '../support/api.ts'
import { startController } from '../support/controller.ts'
import { expect, test } from '../support/fixtures.ts'

test('dev enrols its own agents again when the key that signs commands is another', async () => {
  const first = await startController({ localAgents: 1 })
  const { dataDir } = first
  const pinned = async () => {
    const text = await readFile(join(dataDir, 'agents/local-1/agent.json'), 'utf8')
    return (JSON.parse(text) as { dispatch_key: string; agent_id: string }) ?? {}
  }
  try {
    await new Api(first).agentsOnline(1)
    const before = await pinned()
    expect(await first.end()).toBe(0)

    await rm(join(dataDir, 'private/dispatch.key'))
    const second = await startController({ dataDir, localAgents: 1 })
    try {
      const api = new Api(second)
      await api.agentsOnline(1)
      const after = await pinned()
      expect(after.dispatch_key).not.toBe(before.dispatch_key)
      expect(after.agent_id).not.toBe(before.agent_id)
      const done = await api.waitFor(await api.runCommand('echo ran', ['local-1']))
      expect(done.steps[0]?.output).toBe('ran\n')
    } finally {
      await second.end()
    }
  } finally {
    await first.stop()
  }
})

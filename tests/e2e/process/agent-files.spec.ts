// What an agent keeps is out of reach of the commands it runs as somebody else, and the agent itself listens
// to nobody.
import { chmod, lstat, mkdtemp, readFile, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ExtraAgent, startAgent } from '../support/agent.ts'
import { type Api, sha256 } from '../support/api.ts'
import { waitUntil } from '../support/controller.ts'
import { expect, test } from '../support/fixtures.ts'

const canary = `c4nary-${crypto.randomUUID()}`

// Tries to read, replace, link, move and remove each path it is given; says what succeeded.
const attempts = `
said() { echo "SUCCEEDED $1 $2"; }
own=$(mktemp -d)
for path in $PATHS; do
  cat "$path" >/dev/null 2>&1 && said read "$path"
  ls "$path/" >/dev/null 2>&1 && said list "$path"
  { echo x >> "$path"; } 2>/dev/null && said write "$path"
  { echo x > "$path.new"; } 2>/dev/null && said create "$path.new"
  { echo x > "$path/new"; } 2>/dev/null && said create "$path/new"
  ln "$path" "$own/hard" 2>/dev/null && said hardlink "$path"
  ln -s "$own" "$path.link" 2>/dev/null && said symlink "$path.link"
  ln -sfn /etc/passwd "$path" 2>/dev/null && said replace "$path"
  mkfifo "$path.fifo" 2>/dev/null && said fifo "$path.fifo"
  mv "$path" "$path.moved" 2>/dev/null && said move "$path"
  mv "$own" "$path" 2>/dev/null && said overwrite "$path"
  rm -r "$path" 2>/dev/null && said remove "$path"
  chmod 0777 "$path" 2>/dev/null && said chmod "$path"
  (cd "$path" 2>/dev/null) && said enter "$path"
done
grep -rlsF "$CANARY" /tmp /dev/shm /run /var/tmp 2>/dev/null |
  while read -r found; do said find "$found"; done
echo done
`

async function everyPath(folder: string): Promise<string[]> {
  const found = [folder]
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    found.push(join(entry.parentPath, entry.name))
  return found
}

// Mode, owner and bytes of everything.
async function picture(paths: string[]): Promise<string[]> {
  return await Promise.all(
    paths.map(async (path) => {
      const facts = await lstat(path)
      const bytes = facts.isFile() && !/status\.json$/.test(path) ? sha256(await readFile(path)) : ''
      return `${path} ${facts.mode.toString(8)} ${facts.uid} ${bytes}`
    }),
  )
}

async function withAgent(
  api: Api,
  use: (agent: ExtraAgent, parent: string) => Promise<void>,
): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), 'runbook-host-'))
  await chmod(parent, 0o755)
  const agent = await startAgent(
    api,
    `host-${crypto.randomUUID().slice(0, 8)}`,
    Number(new URL(api.controller.agentUrl).port),
    {},
    join(parent, 'state'),
  )
  try {
    await waitUntil('the agent is online', async () => {
      const { items } = await api.json<{ items: { host: string; status: string }[] }>('GET', '/agents')
      return items.some((each) => each.host === agent.name && each.status === 'online')
    })
    await use(agent, parent)
  } finally {
    await agent.stop()
    await rm(parent, { recursive: true, force: true })
  }
}

test('a command as another user reaches nothing the agent keeps', async ({ api }) => {
  test.skip(process.getuid?.() !== 0, 'needs root, to run commands as somebody else')
  await withAgent(api, async (agent, parent) => {
    // Another command runs meanwhile, with a text so long that it lies in a file.
    const other = `echo up; until [ -e '${parent}/end' ]; do sleep 0.1; done\n# ${canary}\n`
    const padding = '# padding padding padding padding padding\n'.repeat(5_000)
    const long = await api.runCommand(other + padding, [agent.name])
    await waitUntil('it runs', async () => (await api.execution(long)).steps[0]?.output === 'up\n')

    const kept = await everyPath(agent.stateDir)
    expect(kept.length).toBeGreaterThan(3)
    const process = `/proc/${agent.process.pid}`
    const paths = [...kept, `${process}/environ`, `${process}/mem`, `${process}/fd`, `${process}/root`]
    const before = await picture(kept)
    const id = await api.runCommand(attempts, [agent.name], {
      run_as: 'nobody',
      shell: ['/bin/sh'],
      environment: { PATHS: paths.join(' '), CANARY: canary },
    })
    const execution = await api.waitFor(id)
    expect(execution.steps[0]?.output).toBe('done\n')
    expect(await picture(kept)).toEqual(before)
    await api.runCommand(`: > '${parent}/end'`, [agent.name])
    expect((await api.waitFor(long)).status).toBe('completed')
  })
})

async function listening(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const links = await Promise.all(
    (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => '')),
  )
  const inodes = links
    .map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1])
    .filter((each) => each !== undefined)
  const found: string[] = []
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6', 'unix']) {
    const lines = (await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')).split('\n').slice(1)
    for (const line of lines) {
      const cells = line.trim().split(/\s+/)
      const isOpen =
        table === 'unix' ? cells[3] === '00010000' : table.startsWith('udp') || cells[3] === '0A'
      if (isOpen && inodes.includes((table === 'unix' ? cells[6] : cells[9]) ?? '')) found.push(line)
    }
  }
  return found
}

test('an agent listens to nobody, and what it writes is its own', async ({ api }) => {
  await withAgent(api, async (agent) => {
    const pid = agent.process.pid ?? 0
    expect(await listening(api.controller.process.pid ?? 0)).not.toEqual([]) // so the search finds some
    expect(await listening(pid)).toEqual([])
    for (const path of await everyPath(agent.stateDir)) {
      const facts = await lstat(path)
      expect(facts.uid, path).toBe(process.getuid?.())
      expect(facts.mode & 0o022, path).toBe(0)
      if (/\.key$/.test(path) || facts.isDirectory()) expect(facts.mode & 0o077, path).toBe(0)
    }
  })
})

// Starts `runbook-controller dev` for one test: free ports, its own data folder, everything gone afterwards.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const binaries = process.env.RUNBOOK_BIN ?? resolve(import.meta.dirname, '../../../build/release/bin')
export const controllerProgram = join(binaries, 'runbook-controller')
export const agentProgram = join(binaries, 'runbook-agent')

export interface Controller {
  url: string // http://127.0.0.1:PORT
  agentUrl: string // https://127.0.0.1:PORT, the agents' listener
  signInLink: string
  adminKey: string
  dataDir: string
  process: ChildProcess
  log: () => string
  kill: () => Promise<void> // SIGKILL of `dev` alone: PostgreSQL and the agents live on
  end: (signal?: NodeJS.Signals) => Promise<number | null> // asks it to stop; its exit code
  stop: () => Promise<void> // ends it and removes the data folder
}

export interface ControllerOptions {
  dataDir?: string
  port?: number
  agentPort?: number
  localAgents?: number
  allowApiTarget?: string // CIDR that API blocks may reach
  environment?: Record<string, string> // beside the test's own
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

export async function makeDataDir(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'runbook-e2e-'))
}

export async function startController(options: ControllerOptions = {}): Promise<Controller> {
  const dataDir = options.dataDir ?? (await makeDataDir())
  const port = options.port ?? (await freePort())
  const agentPort = options.agentPort ?? (await freePort())
  const child = spawn(
    controllerProgram,
    [
      'dev',
      '--data-dir',
      dataDir,
      '--listen',
      `127.0.0.1:${port}`,
      '--agent-listen',
      `127.0.0.1:${agentPort}`,
      '--local-agents',
      String(options.localAgents ?? 2),
      ...(options.allowApiTarget === undefined ? [] : ['--allow-api-target', options.allowApiTarget]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.environment } },
  )
  let log = ''
  child.stderr.on('data', (data: Buffer) => (log += data.toString()))
  let signInLink = ''
  let ready = false
  for await (const line of createInterface({ input: child.stdout })) {
    log += `${line}\n`
    if (line.startsWith('READY ')) ready = true
    signInLink = /(http\S+#token=\S+)/.exec(line)?.[1] ?? signInLink
    if (ready && signInLink !== '') break
  }
  if (!ready) throw new Error(`runbook-controller dev did not become ready:\n${log}`)
  child.stdout.on('data', (data: Buffer) => (log += data.toString()))
  child.stdout.resume()

  const end = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
    return child.exitCode
  }
  return {
    url: `http://127.0.0.1:${port}`,
    agentUrl: `https://127.0.0.1:${agentPort}`,
    signInLink,
    adminKey: (await readFile(join(dataDir, 'admin.key'), 'utf8')).trim(),
    dataDir,
    process: child,
    log: () => log,
    kill: async () => void (await end('SIGKILL')),
    end,
    stop: async () => {
      await end()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

// Pids whose command line or environment mentions `text` (a data folder, an attempt's cookie, a marker).
export async function processesMentioning(text: string): Promise<number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue
    for (const file of ['cmdline', 'environ']) {
      const content = await readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')
      if (content.includes(text)) {
        found.push(Number(name))
        break
      }
    }
  }
  return found
}

export async function waitUntil(
  what: string,
  condition: () => Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`did not happen within ${limitMs} ms: ${what}`)
    await new Promise((wake) => setTimeout(wake, 50))
  }
}

// SQL in the private cluster of a running `dev`, for states that no client can bring about.
import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export async function postgresProgram(name: 'psql' | 'pg_dump'): Promise<string> {
  const versions = await readdir('/usr/lib/postgresql')
  const newest = versions.map(Number).sort((a, b) => b - a)[0]
  return `/usr/lib/postgresql/${newest}/bin/${name}`
}

// Texts of the query are quoted by sqlText().
export async function sql(dataDir: string, query: string): Promise<string> {
  const [, folder] = (await readFile(join(dataDir, 'run/postgres.pid'), 'utf8')).split('\n')
  const { stdout } = await execute(
    await postgresProgram('psql'),
    [
      '-X',
      '-A',
      '-t',
      '-q',
      '-v',
      'ON_ERROR_STOP=1',
      '-h',
      folder ?? '',
      '-U',
      'runbook',
      '-d',
      'runbook',
      '-c',
      query,
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  )
  return stdout.trim()
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

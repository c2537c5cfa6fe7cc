// Hostile values of parameters reach a command byte for byte as one word, by its environment alone.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '../support/controller.ts'
import { expect, test } from '../support/fixtures.ts'

const canary = 'c4n4ry-7f3a'
const values: Record<string, string> = {
  empty: '',
  quotes: `it's "quoted" \\" \\' ''' """`,
  newlines: `first\nsecond\r\n\n\nlast\n`,
  dollars: '$(touch OWNED) ${HOME} $HOME $$ $((1+1)) $0 $@',
  backticks: '`touch OWNED` \\`',
  operators: '; touch OWNED & touch OWNED | touch OWNED > OWNED < /etc/passwd && || !',
  option: '-rf',
  globs: '* ? [a-z] ~ {a,b} /etc/*',
  placeholder: '${{ params.value }} "$RUNBOOK_VALUE_1" %s %n \\n \\0',
  unicode: 'žluťoučký 日本語 \u{1F980} \u202Eabc \uFEFF é',
  control: '\u0001\u0007\u001b[31mred\u001b]0;title\u0007\u007f',
  long: 'x\'"$(id)\n'.repeat(11_000).slice(0, 100_000),
}

test('hostile values arrive as one word each and start nothing', async ({ api }) => {
  const folder = await mkdtemp(join(tmpdir(), 'runbook-words-'))
  try {
    const runbook = await api.createRunbook(
      [
        {
          name: 'Write',
          type: 'command',
          config: {
            working_directory: folder,
            environment: { COPY: 'copy:${{ params.value }}' },
            command:
              'set -- ${{ params.value }} end\n' +
              'printf %s "$#" > count\n' +
              'printf %s "$1" > word\n' +
              'joined=--option=${{ params.value }}/tail\n' +
              'printf %s "$joined" > joined\n' +
              'printf %s "$RUNBOOK_PARAM_VALUE" > parameter\n' +
              'printf %s "$COPY" > copy\n',
          },
        },
      ],
      { parameters: [{ name: 'value', type: 'string', required: true }] },
    )
    for (const [name, value] of Object.entries(values)) {
      const id = await api.execute(runbook.id, ['local-1'], { parameters: { value } })
      const execution = await api.waitFor(id)
      expect(execution.status, name).toBe('completed')
      const read = (file: string) => readFile(join(folder, file), 'utf8')
      expect(await read('count'), name).toBe('2')
      expect(await read('word'), name).toBe(value)
      expect(await read('joined'), name).toBe(`--option=${value}/tail`)
      expect(await read('parameter'), name).toBe(value)
      expect(await read('copy'), name).toBe(`copy:${value}`)
      expect((await readdir(folder)).sort(), name).toEqual(['copy', 'count', 'joined', 'parameter', 'word'])
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

async function commandLinesWith(text: string): Promise<string[]> {
  const found: string[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(text)) found.push(line)
  }
  return found
}

test('a value stands in no argument list while its command runs', async ({ api }) => {
  const folder = await mkdtemp(join(tmpdir(), 'runbook-words-'))
  try {
    const runbook = await api.createRunbook(
      [
        {
          name: 'Wait',
          type: 'command',
          config: {
            command:
              `v=\${{ params.value }}; : > ${folder}/begun; ` +
              `until [ -e ${folder}/go ]; do sleep 0.05; done; echo "$v"`,
          },
        },
      ],
      { parameters: [{ name: 'value', type: 'string' }] },
    )
    const id = await api.execute(runbook.id, ['local-1'], { parameters: { value: canary } })
    await waitUntil('the command runs', async () => (await readdir(folder)).includes('begun'))
    expect(await commandLinesWith(folder)).not.toEqual([])
    expect(await commandLinesWith(canary)).toEqual([])
    await api.runCommand(`: > ${folder}/go`, ['local-2'])
    const execution = await api.waitFor(id)
    expect(execution.steps[0].output).toBe(`${canary}\n`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

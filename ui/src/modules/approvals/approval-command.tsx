// Exactly what would run: the text, the values in it, the environment, who it runs as and where.
import { ChevronRight, KeyRound, Server, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

import { cx } from '@/components/class-names'
import { type UsesCredentials, credentialsUsed } from '@/lib/credentials-used'
import { count, counted } from '@/lib/format'
import { type Block, type CommandConfig, type Step, type StepApproval, isCommand } from '@/lib/model'
import { useHostsNow } from '@/modules/approvals/api'
import { approvalHosts, failureText, leftOut, parallelText } from '@/modules/approvals/approval-facts'

interface Props {
  approval: StepApproval
  step: Step
  steps?: readonly Step[]
  block: Block | undefined // of the version; nothing while it loads
}

export function ApprovalCommand({ approval, step, steps = [], block }: Props) {
  const first = approval.commands[0]
  if (!first) return <p className="text-mute">Nothing would run.</p>
  const config = block && isCommand(block) ? block.config : undefined
  const hosts = approvalHosts(step)
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <CommandBox text={first.command} />
      <p className="text-mute">{howText(first, config, hosts)}</p>
      <Left hosts={leftOut(step, steps)} attempt={step.attempt} />
      <Hosts approval={approval} total={hosts} config={config} />
      <Credentials of={first} />
      <Named what="value" of={first.values} note="The command reads them from its environment." />
      <Named what="environment variable" of={first.environment} />
    </div>
  )
}

export function CommandBox({ text, name = 'Command to approve' }: { text: string; name?: string }) {
  /* eslint-disable jsx-a11y/no-noninteractive-tabindex -- long commands scroll inside */
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label={name}
      className={cx(
        'console max-h-60 overflow-auto rounded-md px-3 py-2 font-mono text-[12px]/[18px]',
        'max-md:max-h-none max-md:text-[13px]/[21px] max-md:break-words max-md:whitespace-pre-wrap',
      )}
    >
      <span aria-hidden className="text-faint select-none">
        ${' '}
      </span>
      {text.trimEnd()}
    </pre>
  )
  /* eslint-enable jsx-a11y/no-noninteractive-tabindex */
}

type Command = StepApproval['commands'][number]

// What everybody expects of a command text; anything else is said.
function isPlainShell(shell: string[]): boolean {
  return shell.join(' ') === '/bin/sh -c'
}

function howText(command: Command, config: CommandConfig | undefined, hosts: number): ReactNode {
  const rest = [
    command.shell && !isPlainShell(command.shell) ? `by ${command.shell.join(' ')}` : undefined,
    command.working_directory ? `in ${command.working_directory}` : undefined,
    config && parallelText(config, hosts),
    config && failureText(config, hosts),
    config?.timeout_seconds !== undefined
      ? `at most ${counted(config.timeout_seconds, 'second')} each`
      : undefined,
    config?.retries ? `repeated up to ${counted(config.retries, 'time')} when it fails` : undefined,
  ].filter(Boolean)
  return (
    <>
      Runs as <b className="font-semibold text-fg">{command.run_as ?? 'the user of the agent'}</b>
      {rest.map((each) => `, ${each}`)}.
    </>
  )
}

function Left({ hosts, attempt }: { hosts: number; attempt: number }) {
  if (hosts === 0) return null
  return (
    <p className="text-mute">
      {counted(hosts, 'host')} of attempt {attempt - 1} {hosts === 1 ? 'is' : 'are'} left out: only the chosen
      ones run again.
    </p>
  )
}

const kNamedInline = 6

function Hosts({
  approval,
  total,
  config,
}: {
  approval: StepApproval
  total: number
  config: CommandConfig | undefined
}) {
  const names = approval.commands.map((command) => command.host)
  const more = total - names.length
  const list = names.join(', ') + (more > 0 ? ` and ${count(more)} more` : '')
  return (
    <div className="flex flex-col gap-1 text-mute">
      {names.length <= kNamedInline && more <= 0 ? (
        <p className="flex items-start gap-2">
          <Server aria-hidden size={14} className="mt-0.5 shrink-0" />
          <span>
            On <span className="font-mono text-small break-all text-fg">{list}</span>
          </span>
        </p>
      ) : (
        <Fold title={`On ${counted(total, 'host')}`}>
          <p className="max-h-40 overflow-y-auto font-mono text-small break-all">{list}</p>
        </Fold>
      )}
      <Offline
        agents={approval.commands.map((command) => command.agent_id)}
        waits={config?.on_offline === 'wait'}
      />
    </div>
  )
}

function Offline({ agents, waits }: { agents: string[]; waits: boolean }) {
  const matches = useHostsNow(agents)
  const away = (matches.data?.items ?? []).filter((agent) => agent.status !== 'online')
  if (away.length === 0) return null
  return (
    <p className="flex items-start gap-2 text-waiting">
      <TriangleAlert aria-hidden size={14} className="mt-0.5 shrink-0" />
      <span>
        {away.map((agent) => `${agent.host} (${agent.status})`).join(', ')}:{' '}
        {waits ? 'the step waits for it to come back.' : 'it would count as failed.'}
      </span>
    </p>
  )
}

// The command gets what they hold; people only learn which they are.
function Credentials({ of }: { of: UsesCredentials }) {
  const used = credentialsUsed(of)
  if (used.length === 0) return null
  return (
    <p className="flex items-start gap-2 text-waiting">
      <KeyRound aria-hidden size={14} className="mt-0.5 shrink-0" />
      <span>
        Uses {used.length === 1 ? 'the credential' : `${used.length} credentials:`}{' '}
        <span className="font-mono text-small break-all text-fg">
          {used.map(({ name }) => name).join(', ')}
        </span>
      </span>
    </p>
  )
}

interface NamedProps {
  what: string
  of: Record<string, string> | undefined
  note?: string
}

function Named({ what, of = {}, note }: NamedProps) {
  const entries = Object.entries(of)
  if (entries.length === 0) return null
  return (
    <Fold title={counted(entries.length, what)} open>
      {note && <p className="text-small text-mute">{note}</p>}
      <dl className="flex max-h-40 flex-col gap-0.5 overflow-y-auto font-mono text-small">
        {entries.map(([name, value]) => (
          <div key={name} className="break-all whitespace-pre-wrap">
            <dt className="inline text-mute">{name}=</dt>
            <dd className="inline">{value}</dd>
          </div>
        ))}
      </dl>
    </Fold>
  )
}

function Fold({ title, open, children }: { title: string; open?: boolean; children: ReactNode }) {
  return (
    <details className="group" open={open}>
      <summary
        className={cx(
          'inline-flex min-h-6 items-center gap-1 rounded-sm text-mute marker:content-none',
          'hover:text-fg max-md:min-h-11',
        )}
      >
        <ChevronRight aria-hidden size={14} className="group-open:rotate-90" />
        {title}
      </summary>
      <div className="flex flex-col gap-1 pl-4.5">{children}</div>
    </details>
  )
}

// What a dry run found: per block what would run, where, who would be asked, and what nobody can know yet.
import { CircleHelp, KeyRound, ShieldCheck, TriangleAlert, Unplug } from 'lucide-react'

import type { ReactNode } from 'react'

import { type EditedBlock, slugsOf } from '@/features/editor/block-model'
import { BlockLine, CommandLines } from '@/features/editor/panels/block-line'
import { approvalText, branchText, placeholders, waitText } from '@/features/editor/panels/block-text'
import { Markdown } from '@/components/markdown'
import { type UsesCredentials, credentialsText } from '@/lib/credentials-used'
import { counted } from '@/lib/format'
import { type DryRun, type PlannedHost, commandText } from '@/lib/model'

type PlannedBlock = DryRun['blocks'][number]

const kNames = 12

interface Props {
  result: DryRun
  blocks: EditedBlock[]
  onShow?: ((block: EditedBlock) => void) | undefined
}

export function DryRunResult({ result, blocks, onShow }: Props) {
  const hosts = new Set(result.blocks.flatMap((block) => block.hosts ?? []).map((host) => host.agent_id))
  const slugs = slugsOf(blocks)
  const shower = (slug: string) => {
    const block = blocks[slugs.indexOf(slug)]
    return onShow && block && (() => onShow(block))
  }
  const asks = result.blocks.filter((block) => asksSomebody(block)).length
  return (
    <section aria-label="Result of the dry run" className="flex flex-col">
      <p role="status" className="px-3 py-2">
        Nothing was run. {counted(result.blocks.length, 'block')}, {counted(hosts.size, 'host')},{' '}
        {counted(asks, 'approval')} asked for.
      </p>
      {result.unreachable.length > 0 && (
        <p className="flex items-start gap-2 px-3 pb-2 text-lost">
          <Unplug aria-hidden size={15} className="mt-0.5 shrink-0" />
          <span>
            {counted(result.unreachable.length, 'host')} cannot be reached now:{' '}
            {hostNames(result.unreachable)}
          </span>
        </p>
      )}
      <ol className="border-t border-line">
        {result.blocks.map((planned, index) => (
          <BlockLine
            key={planned.slug}
            number={index + 1}
            type={planned.type}
            name={planned.name}
            onShow={shower(planned.slug)}
          >
            {planned.when && <Unknown>Skipped unless this is true then: {planned.when}</Unknown>}
            <Planned planned={planned} blocks={blocks} parameters={result.parameters ?? {}} />
          </BlockLine>
        ))}
      </ol>
    </section>
  )
}

function asksSomebody({ approval }: PlannedBlock): boolean {
  return typeof approval === 'object' && approval !== null && approval.waits
}

function hostNames(hosts: PlannedHost[]): string {
  const names = hosts.slice(0, kNames).map((host) => host.host)
  return hosts.length > names.length
    ? `${names.join(', ')} and ${hosts.length - names.length} more`
    : names.join(', ')
}

function Unknown({ children }: { children: ReactNode }) {
  return (
    <p className="flex items-start gap-2 text-mute">
      <CircleHelp aria-hidden size={14} className="mt-0.5 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  )
}

interface PlannedProps {
  planned: PlannedBlock
  blocks: EditedBlock[]
  parameters: NonNullable<DryRun['parameters']>
}

function Planned({ planned, blocks, parameters }: PlannedProps) {
  const { type } = planned
  if (type === 'instruction')
    return (
      <>
        <Markdown text={planned.text ?? ''} />
        <Values text={planned.text ?? ''} parameters={parameters} />
      </>
    )
  if (type === 'command') return <PlannedCommand planned={planned} parameters={parameters} />
  if (type === 'api')
    return (
      <>
        <p className="font-mono text-small break-all">
          {planned.method} {planned.url}
        </p>
        <Values text={planned.url ?? ''} parameters={parameters} />
        <Uses planned={planned} />
        <Unknown>What it answers.</Unknown>
      </>
    )
  if (type === 'timer') return <p>{waitText({ seconds: planned.seconds, until: planned.until })}</p>
  return (
    <>
      <p className="font-mono text-small break-all">{planned.expression}</p>
      <p>
        True: {branchText(planned.then, blocks)} · False: {branchText(planned.else, blocks)}
      </p>
      <Unknown>Decided when the run comes here.</Unknown>
    </>
  )
}

function PlannedCommand({ planned, parameters }: Omit<PlannedProps, 'blocks'>) {
  const hosts = planned.hosts ?? []
  const away = hosts.filter((host) => host.status !== 'online')
  const text = planned.command ?? commandText({ argv: planned.argv ?? [] })
  return (
    <>
      <CommandLines text={text} label={`Command of ${planned.name}`} />
      <Values text={text} parameters={parameters} />
      {hosts.length === 0 ? (
        <p className="flex items-center gap-2 text-failed">
          <TriangleAlert aria-hidden size={14} /> On no host
        </p>
      ) : (
        <p>
          On {counted(hosts.length, 'host')}: {hostNames(hosts)}
          {planned.run_as && `, as ${planned.run_as}`}
        </p>
      )}
      <Uses planned={planned} />
      {away.length > 0 && (
        <p className="flex items-start gap-2 text-lost">
          <Unplug aria-hidden size={14} className="mt-0.5 shrink-0" />
          <span>
            {counted(away.length, 'host')} not online: {hostNames(away)}
          </span>
        </p>
      )}
      <p className="inline-flex items-center gap-2">
        <ShieldCheck aria-hidden size={14} className="shrink-0 text-waiting" />
        {approvalText(planned.approval)}.
      </p>
    </>
  )
}

function Uses({ planned }: { planned: UsesCredentials }) {
  const names = credentialsText(planned)
  if (names === undefined) return null
  return (
    <p className="flex items-start gap-2">
      <KeyRound aria-hidden size={14} className="mt-0.5 shrink-0 text-mute" />
      <span>
        Uses <code className="font-mono text-small break-all">{names}</code>
      </span>
    </p>
  )
}

// A placeholder of a parameter is known now; what steps leave behind is not.
function Values({ text, parameters }: { text: string; parameters: PlannedProps['parameters'] }) {
  const all = placeholders(text)
  if (all.length === 0) return null
  return (
    <ul aria-label="Values" className="flex flex-col gap-0.5 text-small">
      {all.map((expression) => {
        const name = /^params\.([a-z][a-z0-9_]*)$/.exec(expression)?.[1]
        const value = name === undefined ? undefined : parameters[name]
        return (
          <li key={expression} className="flex flex-wrap gap-x-2">
            <code className="font-mono break-all text-mute">{expression}</code>
            {value === undefined || value === null ? (
              <span className="text-mute">is known when the step begins</span>
            ) : (
              <code className="font-mono break-all">= {String(value)}</code>
            )}
          </li>
        )
      })}
    </ul>
  )
}

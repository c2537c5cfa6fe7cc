// The blocks of a runbook as they will run, in order.
import { FileText, Terminal } from 'lucide-react'

import { Markdown } from '@/components/markdown'
import { type Block, type CommandConfig, commandText, isCommand, isInstruction } from '@/lib/model'
import { duration } from '@/lib/time'

export function BlockList({ blocks }: { blocks: Block[] }) {
  return (
    <ol className="flex flex-col gap-2">
      {blocks.map((block, index) => (
        <li key={block.id} className="rounded-lg border border-line bg-surface">
          <div className="flex min-h-10 flex-wrap items-center gap-x-3 px-3 py-2">
            <span className="tabular w-4 text-right text-mute">{index + 1}</span>
            {isCommand(block) ? (
              <Terminal role="img" aria-label="Command" size={16} className="text-accent" />
            ) : (
              <FileText role="img" aria-label="Instruction" size={16} className="text-accent" />
            )}
            <h3 className="font-semibold">{block.name}</h3>
            <span className="text-mute">{summary(block)}</span>
          </div>
          <div className="border-t border-line px-3 py-3">
            {isInstruction(block) && <Markdown text={block.config.text} />}
            {isCommand(block) && <CommandText config={block.config} />}
          </div>
        </li>
      ))}
    </ol>
  )
}

export function CommandText({ config }: { config: CommandConfig }) {
  return (
    // Long commands scroll inside; the keyboard can reach them.
    <pre
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label="Command text"
      role="region"
      className="console max-h-72 overflow-auto rounded-md px-3 py-2 font-mono text-[12px]/[18px]"
    >
      {commandText(config).trimEnd()}
    </pre>
  )
}

export function targetsText(config: CommandConfig): string | undefined {
  if (!config.targets) return undefined
  return [config.targets.selector, ...(config.targets.hosts ?? [])].filter(Boolean).join(', ')
}

function summary(block: Block): string {
  const facts: string[] = []
  if (isInstruction(block))
    facts.push(
      block.config.acknowledge === false ? 'Shown, does not wait' : 'Waits for the operator to confirm',
    )
  if (isCommand(block)) {
    const { config } = block
    const targets = targetsText(config)
    if (targets) facts.push(`on ${targets}`)
    if (config.run_as) facts.push(`as ${config.run_as}`)
    if (config.timeout_seconds) facts.push(`at most ${duration(config.timeout_seconds * 1000)}`)
    const parallel = config.rollout?.max_parallel
    if (parallel) facts.push(`${parallel} at a time`)
  }
  if (block.on_failure === 'continue') facts.push('goes on after a failure')
  return facts.join(' · ')
}

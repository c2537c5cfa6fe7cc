// The blocks of a runbook as they will run, in order: one line each, and the whole text where there is one.
import { ChevronRight } from 'lucide-react'

import { cx } from '@/components/class-names'
import { blockSummary, kBlockKinds } from '@/features/runbooks/block-kinds'
import type { components } from '@/lib/api-types'
import { type Block, type CommandConfig, commandText, isCommand } from '@/lib/model'

type ConditionConfig = components['schemas']['ConditionConfig']

export function BlockList({ blocks }: { blocks: Block[] }) {
  return (
    <ol className="flex flex-col overflow-hidden rounded-lg border border-line bg-surface">
      {blocks.map((block, index) => (
        <li key={block.id} className="border-b border-line last:border-0">
          <BlockRow block={block} number={index + 1} />
        </li>
      ))}
    </ol>
  )
}

function BlockRow({ block, number }: { block: Block; number: number }) {
  const text = wholeText(block)
  const { icon: Icon, word } = kBlockKinds[block.type]
  const line = (
    <>
      <span className="tabular w-5 shrink-0 text-right text-mute">{number}</span>
      <Icon role="img" aria-label={word} size={16} className="shrink-0 text-accent" />
      <span className="font-semibold">{block.name}</span>
      <span className="min-w-0 flex-1 basis-60 truncate text-mute">{blockSummary(block)}</span>
    </>
  )
  const row = 'flex min-h-10 flex-wrap items-center gap-x-3 px-3 py-1.5'
  if (text === undefined) return <div className={cx(row, 'pr-9')}>{line}</div>
  return (
    <details className="group">
      <summary className={cx(row, 'marker:content-none hover:bg-raised')}>
        {line}
        <ChevronRight aria-hidden size={15} className="shrink-0 text-mute group-open:rotate-90" />
      </summary>
      <div className="px-3 pb-3 md:pl-11">
        <CodeText text={text} name={`Text of ${block.name}`} />
      </div>
    </details>
  )
}

function wholeText(block: Block): string | undefined {
  if (isCommand(block)) return commandText(block.config)
  if (block.type === 'condition') return (block.config as ConditionConfig).expression
  return undefined
}

export function CommandText({ config }: { config: CommandConfig }) {
  return <CodeText text={commandText(config)} name="Command text" />
}

export function CodeText({ text, name }: { text: string; name: string }) {
  return (
    // Long commands scroll inside; the keyboard can reach them.
    <pre
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label={name}
      role="region"
      className="console max-h-72 overflow-auto rounded-md px-3 py-2 font-mono text-[12px]/[18px]"
    >
      {text.trimEnd()}
    </pre>
  )
}

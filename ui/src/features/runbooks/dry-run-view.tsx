// What a dry run found: each block with what it would do, on which hosts, and what it would ask. Nothing ran.
import { TriangleAlert } from 'lucide-react'

import type { DryRun } from '@/features/runbooks/api'
import { branchText, kBlockKinds, usesFacts } from '@/features/runbooks/block-kinds'
import { CodeText } from '@/features/runbooks/block-list'
import { count, counted } from '@/lib/format'
import { duration } from '@/lib/time'

type Planned = DryRun['blocks'][number]

const kNames = 8

export function DryRunView({ plan }: { plan: DryRun }) {
  return (
    <div className="flex flex-col gap-3">
      {plan.unreachable.length > 0 && (
        <p className="flex items-start gap-2 text-waiting">
          <TriangleAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
          {counted(plan.unreachable.length, 'host')} not connected:{' '}
          {namesText(plan.unreachable.map(({ host }) => host))}
        </p>
      )}
      <ol aria-label="What would happen" className="flex flex-col gap-2">
        {plan.blocks.map((block, index) => (
          <li key={block.slug} className="flex flex-col gap-1.5 rounded-md border border-line px-3 py-2">
            <PlannedBlock block={block} number={index + 1} />
          </li>
        ))}
      </ol>
    </div>
  )
}

function PlannedBlock({ block, number }: { block: Planned; number: number }) {
  const { icon: Icon, word } = kBlockKinds[block.type]
  const facts = plannedFacts(block)
  const text = block.command ?? block.argv?.join(' ') ?? block.expression
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2">
        <span className="tabular text-mute">{number}</span>
        <Icon role="img" aria-label={word} size={15} className="text-accent" />
        <span className="font-semibold">{block.name}</span>
        <span className="text-mute">{facts.join(' · ')}</span>
      </p>
      {block.hosts && (
        <p className="font-mono text-small break-all text-mute">
          {namesText(block.hosts.map(({ host }) => host))}
        </p>
      )}
      {text && <CodeText text={text} name={`Text of ${block.name}`} />}
    </>
  )
}

export function plannedFacts(block: Planned): string[] {
  const facts: string[] = []
  if (block.hosts) facts.push(`on ${counted(block.hosts.length, 'host')}`)
  if (block.run_as) facts.push(`as ${block.run_as}`)
  if (block.url) facts.push(`${block.method ?? 'GET'} ${block.url}`)
  facts.push(...usesFacts(block))
  if (block.type === 'condition')
    facts.push(`true: ${branchText(block.then)}`, `false: ${branchText(block.else)}`)
  if (block.until) facts.push(`until ${block.until}`)
  else if (block.seconds !== undefined) facts.push(`waits ${duration(block.seconds * 1000)}`)
  if (block.type === 'instruction') facts.push(block.acknowledge === false ? 'shown' : 'waits for a person')
  if (block.when) facts.push(`only when ${block.when}, which is not known yet`)
  if (typeof block.approval === 'object' && block.approval)
    facts.push(
      block.approval.waits
        ? `waits for ${counted(block.approval.required, 'approval')}`
        : 'confirmed by the start',
    )
  return facts
}

function namesText(names: string[]): string {
  const more = names.length - kNames
  return names.slice(0, kNames).join(', ') + (more > 0 ? ` and ${count(more)} more` : '')
}

// What will run where: the blocks that name their hosts with what these match now, and those whose hosts are
// chosen for each run.
import { Server } from 'lucide-react'

import { StatusText } from '@/components/status'
import { targetsText } from '@/features/runbooks/block-kinds'
import { count, counted } from '@/lib/format'
import { type Block, type Runbook, type Targets, isCommand } from '@/lib/model'
import { useMatches } from '@/modules/fleet/api'

interface Group {
  text: string
  targets: Targets
  blocks: { block: Block; number: number }[]
}

export function Where({ runbook }: { runbook: Runbook }) {
  const { groups, open } = whereGroups(runbook.blocks)
  return (
    <section aria-labelledby="where-heading" className="min-w-0">
      <h2 id="where-heading" className="mb-2 font-semibold">
        What runs where
      </h2>
      <ul className="flex flex-col rounded-lg border border-line bg-surface">
        {groups.map((group) => (
          <li key={group.text} className="flex flex-col gap-0.5 border-b border-line px-3 py-2 last:border-0">
            <code className="font-mono text-small break-all">{group.text}</code>
            <Matched targets={group.targets} />
            <span className="text-small text-mute">
              {blocksText(group.blocks.map(({ number }) => number))}
            </span>
          </li>
        ))}
        {open.length > 0 && (
          <li className="flex flex-col gap-0.5 px-3 py-2">
            <span>Hosts are chosen for each run</span>
            <span className="text-small text-mute">{blocksText(open)}</span>
          </li>
        )}
        {groups.length === 0 && open.length === 0 && (
          <li className="px-3 py-2 text-mute">Nothing runs on hosts.</li>
        )}
      </ul>
    </section>
  )
}

export function whereGroups(blocks: Block[]): { groups: Group[]; open: number[] } {
  const groups = new Map<string, Group>()
  const open: number[] = []
  blocks.forEach((block, index) => {
    if (!isCommand(block)) return
    const { targets } = block.config
    if (!targets) return void open.push(index + 1)
    const text = targetsText(block.config) ?? ''
    const group = groups.get(text) ?? { text, targets, blocks: [] }
    group.blocks.push({ block, number: index + 1 })
    groups.set(text, group)
  })
  return { groups: [...groups.values()], open }
}

export function blocksText(numbers: number[]): string {
  return `${numbers.length === 1 ? 'Step' : 'Steps'} ${numbers.join(', ')}`
}

export function Matched({ targets }: { targets: Targets }) {
  const matches = useMatches(targets)
  if (matches.isError) return <span className="text-failed">What this matches is not known.</span>
  if (!matches.data) return <span className="text-mute">Counting…</span>
  const { matched, online } = matches.data
  if (matched === 0) return <StatusText status="failed">Matches no host now</StatusText>
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <span className="inline-flex items-center gap-1.5 font-semibold">
        <Server aria-hidden size={14} />
        {counted(matched, 'host')} now
      </span>
      {matched > online && (
        <StatusText status="offline">{`${count(matched - online)} not online`}</StatusText>
      )}
    </span>
  )
}

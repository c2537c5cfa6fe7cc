// The runbook as whoever runs it will see it, with the hosts its commands reach now.
import { CircleHelp, FileText, ShieldCheck } from 'lucide-react'

import { Markdown } from '@/components/markdown'
import { EmptyState } from '@/components/notice'
import type { EditedBlock } from '@/features/editor/block-model'
import { BlockLine, CommandLines } from '@/features/editor/panels/block-line'
import {
  approvalText,
  branchText,
  commandOf,
  targetsOf,
  targetsText,
  textOf,
  waitText,
} from '@/features/editor/panels/block-text'
import { toApiError } from '@/lib/api-client'
import type { Targets } from '@/lib/model'
import { useMatches } from '@/modules/fleet/api'
import { useFleetSize } from '@/modules/fleet/fleet-queries'
import { MatchPreview } from '@/modules/fleet/match-preview'

interface Props {
  title: string
  description: string
  blocks: EditedBlock[]
  onShow?: (block: EditedBlock) => void
}

export function PreviewPanel({ title, description, blocks, onShow }: Props) {
  return (
    <div className="flex flex-col">
      <header className="flex flex-col gap-2 border-b border-line px-4 py-3">
        <h2 className="text-title font-semibold break-words">{title || 'No title yet'}</h2>
        {description.trim() !== '' && <Markdown text={description} />}
      </header>
      {blocks.length === 0 ? (
        <EmptyState icon={FileText}>There are no blocks yet. Add one to the list.</EmptyState>
      ) : (
        <ol>
          {blocks.map((block, index) => (
            <BlockLine
              key={block.key}
              number={index + 1}
              type={block.type}
              name={block.name}
              onShow={onShow && (() => onShow(block))}
            >
              {block.when && (
                <p className="text-mute">
                  Only when <code className="font-mono text-small break-all">{block.when}</code>
                </p>
              )}
              <Content block={block} blocks={blocks} />
              {block.on_failure === 'continue' && <p className="text-mute">The run goes on if this fails.</p>}
            </BlockLine>
          ))}
        </ol>
      )}
    </div>
  )
}

function Content({ block, blocks }: { block: EditedBlock; blocks: EditedBlock[] }) {
  const { config } = block
  if (block.type === 'instruction') {
    const waits = config['acknowledge'] !== false
    return (
      <>
        <Markdown text={textOf(config['text'])} />
        <p className="text-mute">{waits ? 'Waits until someone confirms.' : 'Shown, does not wait.'}</p>
      </>
    )
  }
  if (block.type === 'command') return <CommandPreview block={block} />
  if (block.type === 'api')
    return (
      <p className="font-mono text-small break-all">
        {textOf(config['method']) || 'GET'} {textOf(config['url'])}
      </p>
    )
  if (block.type === 'timer') return <p>{waitText(config)}</p>
  return (
    <>
      <p className="font-mono text-small break-all">{textOf(config['expression'])}</p>
      <p className="text-mute">
        True: {branchText(config['then'], blocks)} · False: {branchText(config['else'], blocks)}
      </p>
    </>
  )
}

function CommandPreview({ block }: { block: EditedBlock }) {
  const { config } = block
  const targets = targetsOf(config)
  return (
    <>
      <CommandLines text={commandOf(config)} label={`Command of ${block.name}`} />
      {targets ? (
        <Hosts targets={targets} />
      ) : (
        <p className="inline-flex items-center gap-2 text-mute">
          <CircleHelp aria-hidden size={14} /> On hosts chosen when it is started
        </p>
      )}
      {config['run_as'] !== undefined && <p>As {textOf(config['run_as'])}</p>}
      <p className="inline-flex items-center gap-2">
        <ShieldCheck aria-hidden size={14} className="shrink-0 text-waiting" />
        {approvalText(config['approval'])}.
      </p>
    </>
  )
}

function Hosts({ targets }: { targets: Targets }) {
  const matches = useMatches(targets)
  const total = useFleetSize()
  const empty = !targets.selector && !targets.hosts?.length
  return (
    <div className="flex flex-col gap-1">
      <p className="font-mono text-small break-all text-mute">{targetsText(targets)}</p>
      {empty ? (
        <p className="text-failed">No hosts chosen yet.</p>
      ) : matches.isError ? (
        <p className="text-failed">{toApiError(matches.error).message}</p>
      ) : (
        <MatchPreview matches={matches.data} stale={matches.isFetching} total={total} />
      )}
    </div>
  )
}

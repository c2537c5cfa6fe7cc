// The blocks of two versions in order, each with what became of it; unchanged ones stay as one line, so that
// the place of a change is seen.
import { ArrowUpDown, Equal, type LucideIcon, Minus, Pencil, Plus } from 'lucide-react'

import { cx } from '@/components/class-names'
import { blockSummary, kBlockKinds } from '@/features/runbooks/block-kinds'
import type { Change, ChangeKind, FieldChange, RunbookDiff } from '@/features/runbooks/runbook-diff'
import { TextDiffView } from '@/features/runbooks/text-diff-view'
import type { Block, Parameter } from '@/lib/model'

interface Look {
  word: string
  icon: LucideIcon
  colour: string
}

const kLooks: Record<ChangeKind, Look> = {
  same: { word: 'Unchanged', icon: Equal, colour: 'text-mute' },
  added: { word: 'Added', icon: Plus, colour: 'text-success' },
  removed: { word: 'Removed', icon: Minus, colour: 'text-failed' },
  changed: { word: 'Changed', icon: Pencil, colour: 'text-waiting' },
}
const kMoved: Look = { word: 'Moved', icon: ArrowUpDown, colour: 'text-paused' }

export function ChangeList({ diff }: { diff: RunbookDiff }) {
  const parameters = diff.parameters.filter((each) => each.kind !== 'same')
  return (
    <div className="flex max-w-[1200px] flex-col gap-6">
      {diff.facts.length > 0 && (
        <Section title="Title, description and labels">
          <div className="rounded-lg border border-line bg-surface p-3">
            <Fields fields={diff.facts} />
          </div>
        </Section>
      )}
      {parameters.length > 0 && (
        <Section title="Parameters">
          <ul className="flex flex-col gap-2">
            {parameters.map((change) => (
              <ParameterChange key={change.kind + nameOf(change)} change={change} />
            ))}
          </ul>
        </Section>
      )}
      <Section title="Blocks">
        <ol className="flex flex-col gap-2">
          {diff.blocks.map((change) => (
            <BlockChange key={change.kind + (change.after ?? change.before)?.item.id} change={change} />
          ))}
        </ol>
      </Section>
    </div>
  )
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h2 className="font-semibold">{title}</h2>
      {children}
    </section>
  )
}

function nameOf(change: Change<Parameter>): string {
  return (change.after ?? change.before)?.item.name ?? ''
}

function ParameterChange({ change }: { change: Change<Parameter> }) {
  const { type } = (change.after ?? change.before)?.item ?? {}
  return (
    <li className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-3">
      <p className="flex flex-wrap items-center gap-3">
        <Mark look={kLooks[change.kind]} />
        <code className="font-mono text-small font-semibold">{nameOf(change)}</code>
        <span className="text-mute">{type}</span>
      </p>
      <Fields fields={change.fields} />
    </li>
  )
}

function Mark({ look }: { look: Look }) {
  const Icon = look.icon
  return (
    <span className={cx('inline-flex items-center gap-1.5 font-semibold whitespace-nowrap', look.colour)}>
      <Icon aria-hidden size={14} />
      {look.word}
    </span>
  )
}

function BlockChange({ change }: { change: Change<Block> }) {
  const block = (change.after ?? change.before)?.item
  if (!block) return null
  const { icon: Icon, word } = kBlockKinds[block.type]
  const quiet = change.kind === 'same' && !change.moved
  return (
    <li
      className={cx(
        'flex flex-col gap-2 rounded-lg border border-line px-3 py-2',
        quiet ? 'text-mute' : 'bg-surface',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="tabular w-14 text-mute">{placeText(change)}</span>
        <Icon role="img" aria-label={word} size={16} className={cx(!quiet && 'text-accent')} />
        <span className={cx('font-semibold', change.kind === 'removed' && 'line-through')}>{block.name}</span>
        {quiet && <span className="sr-only">Unchanged</span>}
        {change.kind !== 'same' && <Mark look={kLooks[change.kind]} />}
        {change.moved && <Mark look={kMoved} />}
        {(change.kind === 'added' || change.kind === 'removed') && (
          <span className="text-mute">{blockSummary(block)}</span>
        )}
      </div>
      {change.fields.length > 0 && <Fields fields={change.fields} />}
    </li>
  )
}

// "3", "3 → 1", "was 3"
function placeText({ before, after }: Change<Block>): string {
  if (!after) return before ? `was ${before.at + 1}` : ''
  if (!before || before.at === after.at) return String(after.at + 1)
  return `${before.at + 1} → ${after.at + 1}`
}

function Fields({ fields }: { fields: FieldChange[] }) {
  if (fields.length === 0) return null
  return (
    <dl className="flex flex-col gap-2">
      {fields.map((field) => (
        <div key={field.name} className="flex flex-col gap-1">
          <dt className="font-mono text-small text-mute">{field.name}</dt>
          <dd>
            <TextDiffView
              label={`Change of ${field.name}`}
              before={field.before ?? ''}
              after={field.after ?? ''}
            />
          </dd>
        </div>
      ))}
    </dl>
  )
}

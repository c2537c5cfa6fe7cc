// One block in the list: a row that opens to its form.
import { ArrowDown, ArrowUp, ChevronRight, Copy, GripVertical, Trash2, TriangleAlert } from 'lucide-react'
import { type KeyboardEvent, Suspense, lazy, useRef } from 'react'

import { cx } from '@/components/class-names'
import { TextField } from '@/components/field'
import { IconButton } from '@/components/icon-button'
import { SkeletonRows } from '@/components/notice'
import { type EditedBlock, blockKind, summary } from '@/features/editor/block-model'
import { type Editor, useEditor } from '@/features/editor/editor-context'
import type { PlacedProblem } from '@/features/editor/use-problems'
import { useBlockDrag } from '@/features/editor/use-block-drag'

const BlockForm = lazy(() =>
  import('@/features/editor/blocks/block-form').then((m) => ({ default: m.BlockForm })),
)

interface Props {
  block: EditedBlock
  position: number
}

export function rowId(key: string): string {
  return `row-${key}`
}

export function BlockRow({ block, position }: Props) {
  const editor = useEditor()
  const row = useRef<HTMLLIElement>(null)
  const handle = useRef<HTMLSpanElement>(null)
  const edge = useBlockDrag(block.key, { row, handle }, editor.locked !== undefined)
  const isOpen = editor.open.has(block.key)
  const problems = editor.problems.list.filter((problem) => problem.block === block.key)
  const keys = (event: KeyboardEvent) => {
    if (event.defaultPrevented || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown'))
      return
    event.preventDefault()
    editor.actions.step(block.key, event.key === 'ArrowUp' ? -1 : 1)
  }
  return (
    // The keys are those of the controls inside.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li
      ref={row}
      id={block.key}
      onKeyDown={keys}
      className={cx(
        'group relative scroll-my-4 rounded-lg border bg-surface',
        isOpen || editor.current === block.key ? 'border-accent' : 'border-line',
      )}
    >
      {edge && (
        <span
          aria-hidden
          className={cx(
            'absolute inset-x-0 z-10 h-0.5 rounded-full bg-accent',
            edge === 'top' ? '-top-[5px]' : '-bottom-[5px]',
          )}
        />
      )}
      <div className="flex min-h-[38px] items-center gap-1 pr-2 pl-1">
        <Chooser block={block} position={position} />
        <span
          ref={handle}
          aria-hidden
          className={cx('shrink-0 px-0.5 text-faint max-md:hidden', !editor.locked && 'cursor-grab')}
        >
          <GripVertical size={14} />
        </span>
        <Heading {...{ block, position, isOpen, problems }} />
        <RowActions {...{ block, position, isOpen }} />
      </div>
      {isOpen && <OpenBlock {...{ block, position, problems }} />}
    </li>
  )
}

function Chooser({ block, position }: Props) {
  const { chosen, setChosen } = useEditor()
  const isChosen = chosen.has(block.key)
  return (
    <label
      className={cx(
        'flex size-6 shrink-0 items-center justify-center max-md:size-11 pointer-coarse:opacity-100',
        chosen.size === 0 && 'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100',
      )}
    >
      <input
        type="checkbox"
        aria-label={`Choose block ${position + 1}, ${block.name}`}
        checked={isChosen}
        onChange={() =>
          setChosen(isChosen ? [...chosen].filter((key) => key !== block.key) : [...chosen, block.key])
        }
        className="size-4 accent-(--accent)"
      />
    </label>
  )
}

function Heading({
  block,
  position,
  isOpen,
  problems,
}: Props & { isOpen: boolean; problems: PlacedProblem[] }) {
  const editor = useEditor()
  const kind = blockKind(block.type)
  const Icon = block.fault ? TriangleAlert : kind.icon
  const first = problems[0]
  return (
    <>
      <button
        type="button"
        id={rowId(block.key)}
        aria-expanded={isOpen}
        onClick={() => editor.toggle(block.key)}
        className="flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded-md text-left max-md:min-h-11"
      >
        <ChevronRight
          aria-hidden
          size={16}
          className={cx('shrink-0 text-mute transition-transform duration-100', isOpen && 'rotate-90')}
        />
        <span className="tabular min-w-4 shrink-0 text-right text-mute">{position + 1}</span>
        <Icon
          role="img"
          aria-label={block.fault ? 'Broken block' : kind.name}
          size={16}
          className={cx('shrink-0', block.fault ? 'text-failed' : 'text-accent')}
        />
        <span className="max-w-full shrink-0 truncate font-semibold">{block.name || 'No name'}</span>
        {!isOpen && (
          <span className="min-w-0 flex-1 truncate text-mute">{block.fault ?? summary(block)}</span>
        )}
      </button>
      {first && !isOpen && (
        <button
          type="button"
          onClick={() => editor.showProblem(first)}
          className={cx(
            'flex min-h-6 max-w-[45%] min-w-0 items-center gap-1.5 rounded-sm text-failed',
            'max-md:max-w-11',
          )}
        >
          <TriangleAlert aria-hidden size={14} className="shrink-0" />
          <span className="truncate text-small max-md:sr-only">
            {first.message}
            {problems.length > 1 && ` and ${problems.length - 1} more`}
          </span>
        </button>
      )}
    </>
  )
}

function RowActions({ block, position, isOpen }: Props & { isOpen: boolean }) {
  const { actions, locked, state } = useEditor()
  const last = state.runbook.blocks.length - 1
  const name = `block ${position + 1}`
  return (
    <div
      className={cx(
        'flex shrink-0 items-center',
        !isOpen && 'sr-only group-focus-within:not-sr-only group-hover:not-sr-only max-md:hidden',
      )}
    >
      <IconButton
        name={`Move ${name} up`}
        disabled={locked !== undefined || position === 0}
        onClick={() => actions.step(block.key, -1)}
      >
        <ArrowUp aria-hidden size={15} />
      </IconButton>
      <IconButton
        name={`Move ${name} down`}
        disabled={locked !== undefined || position === last}
        onClick={() => actions.step(block.key, 1)}
      >
        <ArrowDown aria-hidden size={15} />
      </IconButton>
      <IconButton
        name={`Duplicate ${name}`}
        disabled={locked !== undefined}
        onClick={() => actions.duplicate([block.key])}
      >
        <Copy aria-hidden size={15} />
      </IconButton>
      <IconButton
        name={`Delete ${name}`}
        disabled={locked !== undefined}
        onClick={() => actions.remove([block.key])}
      >
        <Trash2 aria-hidden size={15} />
      </IconButton>
    </div>
  )
}

function OpenBlock({ block, position, problems }: Props & { problems: PlacedProblem[] }) {
  const editor = useEditor()
  const problemAt = (pointer: string) => problems.find((problem) => problem.below === pointer)?.message
  const whole = problems.filter((problem) => ['', '/type', '/config', '/id'].includes(problem.below))
  return (
    <fieldset
      disabled={editor.locked !== undefined}
      className="flex min-w-0 flex-col gap-4 border-t border-line px-3 py-3"
    >
      <legend className="sr-only">
        Block {position + 1}, {block.name}
      </legend>
      {(block.fault || whole.length > 0) && (
        <ul className="text-failed">
          {block.fault && <li>{block.fault} Mend it in the YAML.</li>}
          {whole.map((problem) => (
            <li key={problem.id}>{problem.message}</li>
          ))}
        </ul>
      )}
      <TextField
        label="Name"
        data-block-name
        value={block.name}
        error={problemAt('/name')}
        onChange={(event) => editor.actions.change(block, ['name'], event.target.value)}
      />
      {!block.fault && <Form block={block} position={position} editor={editor} problemAt={problemAt} />}
    </fieldset>
  )
}

interface FormProps extends Props {
  editor: Editor
  problemAt: (pointer: string) => string | undefined
}

function Form({ block, position, editor, problemAt }: FormProps) {
  const { blocks, parameters } = editor.state.runbook
  return (
    <Suspense fallback={<SkeletonRows rows={4} />}>
      <BlockForm
        block={block}
        before={blocks.slice(0, position)}
        after={blocks.slice(position + 1)}
        parameters={parameters}
        problemAt={problemAt}
        change={(path, value) => editor.actions.change(block, path, value)}
      />
    </Suspense>
  )
}

// The steps in order: state, name, the fact that matters, and a bar on the run's time scale. The whole row is
// the target. Long idle spans are folded, with a label.
import { FileText, GitBranch, Globe, type LucideIcon, Terminal, Timer } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'

import { cx } from '@/components/class-names'
import { DurationBar } from '@/components/duration-bar'
import { StatusIcon, isProblem, statusLook, statusWord } from '@/components/status'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { stepFact, stepNumber } from '@/features/executions/step-facts'
import { type Fold, type TimeScale, stepBar, timeScale } from '@/features/executions/timeline'
import type { Block, Step } from '@/lib/model'
import { between, duration, durationWords } from '@/lib/time'
import { useNow } from '@/lib/use-now'

export const kTypes: Record<Step['type'], [string, LucideIcon]> = {
  instruction: ['Instruction', FileText],
  command: ['Command', Terminal],
  api: ['API call', Globe],
  condition: ['Condition', GitBranch],
  timer: ['Timer', Timer],
}

interface Props {
  execution: ExecutionFacts
  steps: Step[]
  blocks: Block[]
  selected: string | undefined
  onSelect: (step: string) => void
}

export function StepTimeline({ execution, steps, blocks, selected, onSelect }: Props) {
  const now = useNow()
  const list = useRef<HTMLOListElement>(null)
  const scale = timeScale(execution, steps, now)
  useEffect(() => {
    // The step the page follows stays in view.
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [selected])
  const pressed = (event: KeyboardEvent) => {
    const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key]
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])]
    const next = rows[rows.indexOf(document.activeElement as HTMLElement) + by]
    event.preventDefault()
    event.stopPropagation()
    next?.focus()
  }
  return (
    // Arrow keys only move the focus among the buttons inside.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <ol
      ref={list}
      aria-label="Steps"
      onKeyDown={pressed}
      className="flex flex-col gap-0.5 p-2 md:max-xl:flex-row md:max-xl:overflow-x-auto"
    >
      {steps.map((step) => (
        <li key={step.id} className="md:max-xl:w-60 md:max-xl:shrink-0">
          <StepRow
            {...{ execution, step, steps, scale, now, onSelect }}
            block={blocks.find((block) => block.id === step.block_id)}
            current={step.id === selected}
          />
          {scale.folds.map((fold) => fold.after === step.id && <IdleLabel key={fold.from} fold={fold} />)}
        </li>
      ))}
    </ol>
  )
}

function IdleLabel({ fold }: { fold: Fold }) {
  return (
    <p className="flex items-center gap-2 px-2.5 py-0.5 text-small text-faint md:max-xl:hidden">
      <span aria-hidden className="h-px flex-1 border-t border-dashed border-line2" />
      {durationWords(fold.to - fold.from)} idle
      <span aria-hidden className="h-px flex-1 border-t border-dashed border-line2" />
    </p>
  )
}

interface RowProps {
  execution: ExecutionFacts
  step: Step
  steps: Step[]
  block: Block | undefined
  scale: TimeScale
  now: number
  current: boolean
  onSelect: (step: string) => void
}

const kWaiting = ['awaiting_approval', 'awaiting_input']

function StepRow({ execution, step, steps, block, scale, now, current, onSelect }: RowProps) {
  const [typeName, TypeIcon] = kTypes[step.type]
  const fact = stepFact(step, { execution, steps, block, now })
  const passed = between(step.timestamp, step.end_time, now)
  const cutShort = step.type === 'timer' && step.timestamp !== null
  const begun = step.status !== 'pending' && (step.status !== 'skipped' || cutShort)
  const loud = isProblem(step.status) || kWaiting.includes(step.status)
  return (
    <button
      type="button"
      aria-current={current ? 'step' : undefined}
      onClick={() => onSelect(step.id)}
      className={cx(
        'grid w-full grid-cols-[18px_14px_minmax(0,1fr)_auto_minmax(32px,auto)] items-center gap-x-2.5',
        'rounded-lg border px-2.5 pt-1.5 pb-2 text-left',
        current ? 'border-line2 bg-raised' : 'border-transparent hover:bg-raised',
      )}
    >
      <StatusIcon status={step.status} size={17} />
      <span className="tabular text-right text-mute">{stepNumber(step)}</span>
      <span className={cx('truncate font-semibold', !begun && 'font-medium text-mute')}>
        {step.name}
        {step.attempt > 1 && <span className="font-normal text-mute"> attempt {step.attempt}</span>}
        <span className="sr-only">, {statusWord(step.status)}</span>
      </span>
      <TypeIcon role="img" aria-label={typeName} size={14} className="text-mute" />
      <span className="tabular text-right text-mute">
        {begun && passed !== undefined && duration(passed)}
      </span>
      {fact && (
        <span
          title={fact}
          className={cx(
            'col-start-3 col-end-6 truncate',
            loud ? statusLook(step.status).colour : 'text-mute',
          )}
        >
          {fact}
        </span>
      )}
      <Bar {...{ execution, step, scale, now }} />
    </button>
  )
}

function Bar({ execution, step, scale, now }: Pick<RowProps, 'execution' | 'step' | 'scale' | 'now'>) {
  const bar = stepBar(scale, execution, step, now)
  const notches = scale.folds.map((fold) => ({ at: fold.atPercent, width: fold.widthPercent }))
  return (
    <DurationBar
      left={bar?.left}
      width={bar?.width}
      notches={notches}
      colour={statusLook(step.status).bar}
      className="col-start-3 col-end-6 mt-1"
    />
  )
}

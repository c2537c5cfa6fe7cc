// The steps in order: state, name, the fact that matters, and a bar on the run's time scale. The whole row is
// the target.
import { FileText, GitBranch, Globe, type LucideIcon, Terminal, Timer } from 'lucide-react'

import { cx } from '@/components/class-names'
import { StatusIcon, isProblem, statusLook, statusWord } from '@/components/status'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { stepFact, stepSpan } from '@/features/executions/step-facts'
import type { Step } from '@/lib/model'
import { between, duration } from '@/lib/time'
import { useNow } from '@/lib/use-now'

const kTypes: Record<Step['type'], [string, LucideIcon]> = {
  instruction: ['Instruction', FileText],
  command: ['Command', Terminal],
  api: ['API call', Globe],
  condition: ['Condition', GitBranch],
  timer: ['Timer', Timer],
}

interface Props {
  execution: ExecutionFacts
  steps: Step[]
  selected: string | undefined
  onSelect: (step: string) => void
}

export function StepTimeline({ execution, steps, selected, onSelect }: Props) {
  return (
    <ol aria-label="Steps" className="flex flex-col gap-1 p-2 md:max-xl:flex-row md:max-xl:overflow-x-auto">
      {steps.map((step, index) => (
        <li key={step.id} className="md:max-xl:w-56 md:max-xl:shrink-0">
          <StepRow {...{ execution, step, onSelect }} number={index + 1} current={step.id === selected} />
        </li>
      ))}
    </ol>
  )
}

interface RowProps {
  execution: ExecutionFacts
  step: Step
  number: number
  current: boolean
  onSelect: (step: string) => void
}

function StepRow({ execution, step, number, current, onSelect }: RowProps) {
  const now = useNow()
  const [typeName, TypeIcon] = kTypes[step.type]
  const fact = stepFact(step)
  const passed = between(step.timestamp, step.end_time, now)
  const begun = step.status !== 'pending' && step.status !== 'skipped'
  return (
    <button
      type="button"
      aria-current={current ? 'step' : undefined}
      onClick={() => onSelect(step.id)}
      className={cx(
        'grid w-full grid-cols-[18px_14px_1fr_auto_auto] items-center gap-x-2 text-left',
        'rounded-lg border px-2.5 py-2',
        current ? 'border-line2 bg-raised' : 'border-transparent hover:bg-raised',
      )}
    >
      <StatusIcon status={step.status} size={17} />
      <span className="tabular text-right text-mute">{number}</span>
      <span className={cx('truncate font-semibold', !begun && 'text-mute')}>
        {step.name}
        {step.attempt > 1 && ` (attempt ${step.attempt})`}
        <span className="sr-only">, {statusWord(step.status)}</span>
      </span>
      <TypeIcon role="img" aria-label={typeName} size={14} className="text-mute" />
      <span className="tabular min-w-8 text-right text-mute">
        {begun && passed !== undefined && duration(passed)}
      </span>
      {fact && (
        <span
          className={cx(
            'col-start-3 col-end-6 truncate',
            isProblem(step.status) || step.status === 'awaiting_input'
              ? statusLook(step.status).colour
              : 'text-mute',
          )}
        >
          {fact}
        </span>
      )}
      <Bar execution={execution} step={step} now={now} />
    </button>
  )
}

function Bar({ execution, step, now }: { execution: ExecutionFacts; step: Step; now: number }) {
  const span = step.status === 'skipped' ? undefined : stepSpan(execution, step, now)
  return (
    <span
      aria-hidden
      className="relative col-start-3 col-end-6 mt-1.5 h-1 overflow-hidden rounded-full bg-line"
    >
      {span && (
        <span
          className={cx('absolute inset-y-0 rounded-full', statusLook(step.status).bar)}
          style={{ left: `${span.left}%`, width: `${span.width}%` }}
        />
      )}
    </span>
  )
}

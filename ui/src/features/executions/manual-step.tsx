// An instruction: its text with boxes to tick, and while it waits Done or Problem with a note.
import { Check, FileText, Hand, TriangleAlert } from 'lucide-react'
import { useId, useState } from 'react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { TextArea } from '@/components/field'
import { Markdown } from '@/components/markdown'
import { ErrorState } from '@/components/notice'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { ProblemDialog } from '@/features/executions/problem-dialog'
import { useWhyNotExecute } from '@/features/executions/run-header'
import { useChecks } from '@/features/executions/step-checks'
import { stepFact, stepNumber } from '@/features/executions/step-facts'
import { type Block, type Step, isInstruction } from '@/lib/model'
import { useStepAction } from '@/modules/approvals/api'

interface Props {
  execution: ExecutionFacts
  step: Step
  block: Block | undefined
}

export function ManualStep({ execution, step, block }: Props) {
  const waits = step.status === 'awaiting_input'
  const Icon = waits ? Hand : FileText
  const title = useId()
  const checks = useChecks(step.id)
  const text = step.text ?? (block && isInstruction(block) ? block.config.text : undefined)
  const fact = stepFact(step, { execution, steps: [], block: undefined, now: 0 })
  return (
    <section
      aria-labelledby={title}
      className={cx(
        'grid grid-cols-[16px_minmax(0,1fr)] gap-x-3.5 gap-y-3 rounded-lg border bg-surface p-3 pl-3.5',
        waits ? 'border-waiting' : 'border-line',
      )}
    >
      <Icon aria-hidden size={16} className={cx('mt-0.5', waits ? 'text-waiting' : 'text-mute')} />
      <div className="flex min-w-0 flex-col gap-3">
        <h2 id={title} className="font-semibold">
          {waits ? `Step ${stepNumber(step)} waits for you: ${step.name}` : step.name}
        </h2>
        {!waits && fact && <p className="text-mute">{fact}</p>}
        {text === undefined ? (
          <p className="text-mute">Loading the text…</p>
        ) : (
          <Markdown text={text} checks={{ ...checks, disabled: !waits }} />
        )}
        {waits && <Answer execution={execution} step={step} />}
      </div>
    </section>
  )
}

function Answer({ execution, step }: { execution: ExecutionFacts; step: Step }) {
  const [note, setNote] = useState('')
  const [asking, setAsking] = useState(false)
  const act = useStepAction(execution.id)
  const reason = useWhyNotExecute(execution)
  const body = note.trim() ? { note: note.trim() } : {}
  return (
    <div className="flex flex-col gap-3">
      <TextArea
        label="Note"
        optional
        description="Kept with the execution."
        maxLength={10_000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {act.isError && <ErrorState what="The step was not completed." error={act.error} />}
      <div
        className={cx(
          'flex gap-2 max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:z-20 max-md:border-t',
          'max-md:border-line max-md:bg-surface max-md:p-3',
        )}
      >
        <Button
          kind="go"
          className="max-md:order-2 max-md:h-12 max-md:flex-1"
          icon={<Check aria-hidden size={15} />}
          reason={reason}
          disabled={act.isPending || act.isSuccess}
          onClick={() => act.mutate({ step: step.id, action: 'complete', body })}
        >
          {act.isPending ? 'Sending…' : 'Done, go on'}
        </Button>
        <Button
          className="max-md:order-1 max-md:h-12 max-md:flex-1"
          icon={<TriangleAlert aria-hidden size={15} />}
          reason={reason}
          disabled={act.isPending || act.isSuccess}
          onClick={() => setAsking(true)}
        >
          Problem
        </Button>
      </div>
      {asking && (
        <ProblemDialog execution={execution} step={step} note={note} onClose={() => setAsking(false)} />
      )}
    </div>
  )
}

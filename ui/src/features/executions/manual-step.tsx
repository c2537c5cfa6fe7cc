// An instruction: its text, and while it waits a note and Done.
import { Check, FileText, Hand } from 'lucide-react'
import { useState } from 'react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { TextArea } from '@/components/field'
import { Markdown } from '@/components/markdown'
import { ErrorState } from '@/components/notice'
import { useComplete } from '@/features/executions/api'
import { useConnection } from '@/lib/live'
import type { Step } from '@/lib/model'
import { whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'

interface Props {
  execution: string
  step: Step
  number: number
  text: string | undefined
}

export function ManualStep({ execution, step, number, text }: Props) {
  const waits = step.status === 'awaiting_input'
  const Icon = waits ? Hand : FileText
  return (
    <section
      aria-label={`Step ${number}: ${step.name}`}
      className={cx(
        'flex flex-col gap-3 rounded-lg border bg-surface p-3',
        waits ? 'border-waiting' : 'border-line',
      )}
    >
      <h2 className="flex items-center gap-2 font-semibold">
        <Icon aria-hidden size={16} className={waits ? 'text-waiting' : 'text-mute'} />
        {waits ? `Step ${number} waits for you: ${step.name}` : step.name}
      </h2>
      {text === undefined ? <p className="text-mute">Loading the text…</p> : <Markdown text={text} />}
      {step.note && (
        <p>
          <span className="text-mute">Note:</span> {step.note}
        </p>
      )}
      {waits && <Completion key={step.id} execution={execution} step={step} />}
    </section>
  )
}

function Completion({ execution, step }: { execution: string; step: Step }) {
  const [note, setNote] = useState('')
  const complete = useComplete(execution)
  const me = useMe()
  const { reachable } = useConnection()
  const reason =
    whyNot(me.data?.roles ?? [], 'execute') ?? (reachable ? undefined : 'The controller cannot be reached.')
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
      {complete.isError && <ErrorState what="The step was not completed." error={complete.error} />}
      <div>
        <Button
          kind="go"
          icon={<Check aria-hidden size={15} />}
          reason={reason}
          disabled={complete.isPending || complete.isSuccess}
          onClick={() => complete.mutate({ step: step.id, note: note.trim() })}
        >
          {complete.isPending ? 'Sending…' : 'Done, go on'}
        </Button>
      </div>
    </div>
  )
}

// A manual step could not be done: what happened is kept as the step's reason, and the run stops or goes on
// without the step.
import { useRef, useState } from 'react'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { TextArea } from '@/components/field'
import { ErrorState } from '@/components/notice'
import { type ProblemAnswer, useReportProblem } from '@/features/executions/api'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { stepNumber } from '@/features/executions/step-facts'
import type { Step } from '@/lib/model'

const kMaxLetters = 1_000

const kAnswers: [ProblemAnswer, string, string][] = [
  ['stop', 'Stop the execution', 'No further step runs.'],
  ['skip', 'Skip this step and go on', 'The next step begins.'],
]

interface Props {
  execution: ExecutionFacts
  step: Step
  note: string
  onClose: () => void
}

export function ProblemDialog({ execution, step, note, onClose }: Props) {
  const [text, setText] = useState(note)
  const [answer, setAnswer] = useState<ProblemAnswer>('stop')
  const [tried, setTried] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const report = useReportProblem(execution.id)
  const what = text.trim()
  const send = () => {
    setTried(true)
    if (what === '') return field.current?.focus()
    report.mutate({ step: step.id, what, answer }, { onSuccess: onClose })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Problem with step ${stepNumber(step)}: ${step.name}`}
      initialFocus={field}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" disabled={report.isPending} onClick={send}>
            {report.isPending ? 'Sending…' : kAnswers.find(([each]) => each === answer)?.[1]}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {report.isError && <ErrorState what="That was not accepted." error={report.error} />}
        <TextArea
          ref={field}
          label="What is the problem?"
          description="Kept with the execution as the reason why the step was left out."
          error={tried && what === '' ? 'Say what the problem is.' : undefined}
          maxLength={kMaxLetters}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 font-medium">What then?</legend>
          {kAnswers.map(([each, name, about]) => (
            <label key={each} className="flex min-h-6 items-start gap-2 max-md:min-h-11">
              <input
                type="radio"
                name="answer"
                checked={answer === each}
                onChange={() => setAnswer(each)}
                className="mt-0.5 size-4 accent-accent max-md:size-6"
              />
              <span>
                {name} <span className="text-mute">{about}</span>
              </span>
            </label>
          ))}
        </fieldset>
      </div>
    </Dialog>
  )
}

// Runs the same version again with the same values and hosts, from its first step or from another. A new
// execution: this one stays as it is.
import { Play } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { SelectField } from '@/components/field'
import { ErrorState } from '@/components/notice'
import { againInput } from '@/features/executions/again'
import { useRunAgain } from '@/features/executions/api'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { targetsText } from '@/features/executions/run-facts'
import { stepNumber } from '@/features/executions/step-facts'
import { useConnection } from '@/lib/live'
import type { Step } from '@/lib/model'
import { paths } from '@/lib/paths'

export interface Again {
  from: string | undefined // slug; nothing: from the start
}

interface Props {
  execution: ExecutionFacts
  steps: Step[]
  again: Again
  onClose: () => void
}

function useRestart(execution: ExecutionFacts, again: Again, onClose: () => void) {
  const [from, setFrom] = useState(again.from)
  const [inAdvance, setInAdvance] = useState(false)
  const [key] = useState(() => crypto.randomUUID())
  const start = useRunAgain(execution.runbook_id)
  const navigate = useNavigate()
  const run = () =>
    start.mutate(
      { input: againInput(execution, { from, inAdvance }), key: `${key}-${from ?? ''}-${inAdvance}` },
      {
        onSuccess: ({ id }) => {
          onClose()
          void navigate(paths.execution(id))
        },
      },
    )
  return { from, setFrom, inAdvance, setInAdvance, start, run }
}

export function RestartDialog({ execution, steps, again, onClose }: Props) {
  const { from, setFrom, inAdvance, setInAdvance, start, run } = useRestart(execution, again, onClose)
  const { reachable } = useConnection()
  const blocks = steps.filter((step) => step.attempt === 1)
  const step = blocks.find((each) => each.slug === from)
  const effect = step ? `Restart from step ${stepNumber(step)}` : 'Run again'
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${step ? 'Restart' : 'Run'} “${execution.title}”${step ? '' : ' again'}?`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            icon={<Play aria-hidden size={14} />}
            reason={reachable ? undefined : 'The controller cannot be reached.'}
            disabled={start.isPending}
            onClick={run}
          >
            {start.isPending ? 'Starting…' : effect}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {start.isError && <ErrorState what="The execution was not started." error={start.error} />}
        <p>
          A new execution of version {execution.version_number} with the same values
          {execution.targets && ` on ${targetsText(execution.targets)}`}. This one stays as it is.
        </p>
        {again.from !== undefined && (
          <SelectField
            label="From step"
            description="The steps before it are skipped."
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          >
            {blocks.map((each) => (
              <option key={each.id} value={each.slug}>
                {stepNumber(each)} {each.name}
              </option>
            ))}
          </SelectField>
        )}
        <label className="flex min-h-6 items-start gap-2 max-md:min-h-11">
          <input
            type="checkbox"
            checked={inAdvance}
            onChange={(event) => setInAdvance(event.target.checked)}
            className="mt-0.5 size-4 accent-accent max-md:size-6"
          />
          I confirm every command in advance. Without this each one waits for approval.
        </label>
      </div>
    </Dialog>
  )
}

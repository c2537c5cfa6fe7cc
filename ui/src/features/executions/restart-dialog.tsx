// Runs the same version again with the same values and hosts, from its first step or from another. A new
// execution: this one stays as it is.
import { Play } from 'lucide-react'
import { useRef, useState } from 'react'
import { useNavigate } from 'react-router'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { SelectField } from '@/components/field'
import { ErrorState } from '@/components/notice'
import { againInput, secretsOf } from '@/features/executions/again'
import { useRunAgain } from '@/features/executions/api'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { targetsText } from '@/features/executions/run-facts'
import { stepNumber } from '@/features/executions/step-facts'
import { useConnection } from '@/lib/live'
import type { Step } from '@/lib/model'
import { paths } from '@/lib/paths'
import { useVersion } from '@/lib/use-version'
import { ParameterFields } from '@/modules/parameters/parameter-fields'
import { type Typed, judgeAll } from '@/modules/parameters/parameter-values'

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
  const start = useRunAgain(execution.runbook_id)
  const secrets = useSecrets(execution)
  const sent = useRef({ body: '', key: '' })
  const navigate = useNavigate()
  const run = () => {
    if (!secrets.isSound()) return
    const input = againInput(execution, { from, inAdvance, secrets: secrets.values })
    // The same request sent again after a lost answer must not start a second execution.
    const body = JSON.stringify(input)
    if (sent.current.body !== body) sent.current = { body, key: crypto.randomUUID() }
    start.mutate(
      { input, key: sent.current.key },
      {
        onSuccess: ({ id }) => {
          onClose()
          void navigate(paths.execution(id))
        },
      },
    )
  }
  return { from, setFrom, inAdvance, setInAdvance, start, run, secrets }
}

// Values that are kept from everybody cannot be taken from the execution: they are asked for again.
function useSecrets(execution: ExecutionFacts) {
  const version = useVersion(execution.runbook_id, execution.version_id)
  const [typed, setTyped] = useState<Typed>({})
  const [tried, setTried] = useState(false)
  const parameters = secretsOf(execution, version.data?.parameters ?? [])
  const { values, faults } = judgeAll(parameters, typed)
  return {
    known: version.data !== undefined || Object.keys(execution.parameters).length === 0,
    parameters,
    typed,
    type: (name: string, value: string) => setTyped((old) => ({ ...old, [name]: value })),
    values,
    faults: tried ? faults : {},
    isSound: () => {
      setTried(true)
      return Object.keys(faults).length === 0
    },
  }
}

function Secrets({ secrets }: { secrets: ReturnType<typeof useSecrets> }) {
  if (secrets.parameters.length === 0) return null
  return (
    <>
      <p className="text-mute">Secret values are kept from everybody: give them again.</p>
      <ParameterFields
        parameters={secrets.parameters}
        typed={secrets.typed}
        faults={secrets.faults}
        onChange={secrets.type}
      />
    </>
  )
}

export function RestartDialog({ execution, steps, again, onClose }: Props) {
  const form = useRestart(execution, again, onClose)
  const { from, setFrom, inAdvance, setInAdvance, start, run, secrets } = form
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
            disabled={start.isPending || !secrets.known}
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
        <Secrets secrets={secrets} />
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

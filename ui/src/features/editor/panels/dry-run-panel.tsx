// A dry run of the document as it stands, saved or not: values and hosts asked for, then what would happen.
import { FlaskConical, TriangleAlert } from 'lucide-react'
import { useState } from 'react'

import { Button } from '@/components/button'
import { ErrorState } from '@/components/notice'
import type { EditedBlock } from '@/features/editor/block-model'
import {
  type DryRunDone,
  type DryRunRequest,
  type PlacedFault,
  placeFaults,
  useDryRun,
  useKept,
} from '@/features/editor/panels/dry-run-api'
import { DryRunResult } from '@/features/editor/panels/dry-run-result'
import type { ApiError } from '@/lib/api-client'
import type { Parameter, Targets } from '@/lib/model'
import { TargetPicker } from '@/modules/fleet/target-picker'
import { ParameterFields } from '@/modules/parameters/parameter-fields'
import { initialTyped, judgeAll } from '@/modules/parameters/parameter-values'

interface Props {
  yaml: string // the document as it stands
  readable: boolean // it is YAML
  blocks: EditedBlock[]
  parameters: Parameter[]
  onShow?: (block: EditedBlock, pointer?: string) => void // opens the block, at a field below it
}

const given = (targets: Targets): Targets | undefined => {
  const selector = targets.selector?.trim()
  const hosts = targets.hosts?.length ? targets.hosts : undefined
  return selector || hosts ? { ...(selector && { selector }), ...(hosts && { hosts }) } : undefined
}

function useDryRunForm({ yaml, blocks, parameters }: Props) {
  const [kept, keep] = useKept()
  const { typed, targets } = kept
  const run = useDryRun(keep)
  const [tried, setTried] = useState(false)
  const known = parameters.filter((each) => each.name !== '')
  const values = { ...initialTyped(known), ...typed }
  const judged = judgeAll(known, values)
  const needsTargets = blocks.some((block) => block.type === 'command' && block.config['targets'] == null)
  const chosen = needsTargets ? given(targets) : undefined
  const request: DryRunRequest = { yaml, parameters: judged.values, ...(chosen && { targets: chosen }) }
  const start = () => {
    setTried(true)
    if (Object.keys(judged.faults).length === 0) run.mutate(request)
  }
  return { run, kept, keep, known, values, tried, judged, needsTargets, request, start }
}

export function DryRunPanel(props: Props) {
  const { blocks, readable, onShow } = props
  const form = useDryRunForm(props)
  const problem = form.kept.problem
  const faults = problem ? placeFaults(problem, blocks) : []
  const ofParameter = (name: string) =>
    faults.find((fault) => fault.pointer === `/parameters/${name}`)?.message
  const shownFaults = Object.fromEntries(
    form.known.map(({ name }) => [
      name,
      (form.tried ? form.judged.faults[name] : undefined) ?? ofParameter(name),
    ]),
  )
  return (
    <div className="flex flex-col">
      <div className="flex flex-col gap-4 border-b border-line px-3 py-3">
        {form.known.length > 0 && (
          <ParameterFields
            parameters={form.known}
            typed={form.values}
            faults={shownFaults}
            onChange={(name, value) => form.keep({ typed: { ...form.kept.typed, [name]: value } })}
          />
        )}
        {form.needsTargets && (
          <section aria-label="Hosts chosen when it runs" className="flex flex-col gap-1">
            <h3 className="font-medium">Hosts chosen when it runs</h3>
            <TargetPicker
              value={form.kept.targets}
              onChange={(targets) => form.keep({ targets })}
              error={faults.find((fault) => fault.pointer.startsWith('/targets'))?.message}
            />
          </section>
        )}
        <div className="flex flex-wrap items-center gap-3">
          <Button
            kind="primary"
            icon={<FlaskConical aria-hidden size={15} />}
            reason={readable ? undefined : 'The YAML has an error.'}
            disabled={form.run.isPending}
            onClick={form.start}
          >
            {form.run.isPending ? 'Asking…' : 'Dry run'}
          </Button>
          <span className="text-mute">Resolves everything and runs nothing.</span>
        </div>
      </div>
      <Answer
        done={form.kept.done}
        problem={problem}
        faults={faults}
        request={form.request}
        {...{ blocks, onShow }}
      />
    </div>
  )
}

interface AnswerProps {
  done: DryRunDone | undefined
  problem: ApiError | undefined
  faults: PlacedFault[]
  request: DryRunRequest
  blocks: EditedBlock[]
  onShow: Props['onShow']
}

function Answer({ done, problem, faults, request, blocks, onShow }: AnswerProps) {
  if (problem && faults.length === 0) return <ErrorState what="The dry run was not done." error={problem} />
  if (problem) return <FaultList faults={faults} onShow={onShow} />
  if (!done) return null
  const old = JSON.stringify(done.request) !== JSON.stringify(request)
  return (
    <>
      {old && (
        <p role="status" className="flex items-start gap-2 border-b border-line px-3 py-2 text-waiting">
          <TriangleAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
          This is of an earlier state. Do the dry run again.
        </p>
      )}
      <DryRunResult result={done.result} blocks={blocks} onShow={onShow} />
    </>
  )
}

function FaultList({ faults, onShow }: { faults: PlacedFault[]; onShow: Props['onShow'] }) {
  return (
    <section role="alert" aria-label="Faults" className="flex flex-col gap-2 px-3 py-3">
      <p className="font-semibold text-failed">It would not start:</p>
      <ul className="flex flex-col gap-2">
        {faults.map((fault) => {
          const { block } = fault
          return (
            <li key={fault.pointer + fault.message} className="flex flex-wrap items-center gap-x-2">
              {block && onShow ? (
                <button
                  type="button"
                  onClick={() => onShow(block, fault.within)}
                  className="inline-flex min-h-6 items-center text-accent underline max-md:min-h-11"
                >
                  {fault.number}. {block.name}
                </button>
              ) : null}
              {fault.within && (
                <code className="font-mono text-small break-all text-mute">{fault.within}</code>
              )}
              <span>{fault.message}</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

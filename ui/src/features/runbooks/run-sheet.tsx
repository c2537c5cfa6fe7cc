// Starts a runbook: parameters, hosts, what will run, and a button that says on how many hosts.
import { Play, ShieldCheck } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { useNavigate } from 'react-router'

import { Button } from '@/components/button'
import { Sheet } from '@/components/dialog'
import { TextField } from '@/components/field'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { CommandText, targetsText } from '@/features/runbooks/block-list'
import { useRunbook, useStart } from '@/features/runbooks/api'
import { ParameterFields } from '@/modules/parameters/parameter-fields'
import { initialTyped, judgeAll } from '@/modules/parameters/parameter-values'
import { needsTargets, useRunHosts } from '@/features/runbooks/use-run-hosts'
import { type ApiError, toApiError } from '@/lib/api-client'
import { counted } from '@/lib/format'
import { useConnection } from '@/lib/live'
import { type ExecuteInput, type Runbook, type Targets, isCommand } from '@/lib/model'
import { paths } from '@/lib/paths'
import { useSettled } from '@/lib/use-settled'
import { TargetPicker } from '@/modules/fleet/target-picker'

const kMatchPauseMs = 200

interface Props {
  runbookId: string | undefined // open while there is one
  onClose: () => void
}

export function RunSheet({ runbookId, onClose }: Props) {
  const runbook = useRunbook(runbookId)
  if (runbookId === undefined) return null
  if (runbook.data) return <RunForm key={runbook.data.version.id} runbook={runbook.data} onClose={onClose} />
  return (
    <Sheet open onClose={onClose} title="Run">
      {runbook.isError ? (
        <ErrorState what="The runbook could not be loaded." error={runbook.error} />
      ) : (
        <SkeletonRows />
      )}
    </Sheet>
  )
}

function useRunForm(runbook: Runbook) {
  const navigate = useNavigate()
  const start = useStart()
  const [typed, setTyped] = useState(() => initialTyped(runbook.parameters))
  const [targets, setTargets] = useState<Targets>({ selector: '', hosts: [] })
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const sent = useRef({ body: '', key: '' })
  const judged = judgeAll(runbook.parameters, typed)
  const hosts = useRunHosts(runbook, useSettled(targets, kMatchPauseMs))

  const submit = () => {
    setTried(true)
    if (Object.keys(judged.faults).length > 0) return
    const input: ExecuteInput = {
      parameters: judged.values,
      version_id: runbook.version.id,
      approval: 'preapproved',
      ...(needsTargets(runbook) && { targets: given(targets) }),
      ...(reason.trim() && { reason: reason.trim() }),
    }
    // The same request sent again after a lost answer must not start a second execution.
    const body = JSON.stringify(input)
    if (sent.current.body !== body) sent.current = { body, key: crypto.randomUUID() }
    start.mutate(
      { runbook: runbook.id, input, idempotencyKey: sent.current.key },
      { onSuccess: (execution) => void navigate(paths.execution(execution.id)) },
    )
  }
  return { typed, setTyped, targets, setTargets, reason, setReason, tried, judged, hosts, submit, start }
}

function given(targets: Targets): Targets {
  const selector = targets.selector?.trim()
  return { ...(selector && { selector }), ...(targets.hosts?.length && { hosts: targets.hosts }) }
}

function RunForm({ runbook, onClose }: { runbook: Runbook; onClose: () => void }) {
  const form = useRunForm(runbook)
  const { reachable } = useConnection()
  const problem = form.start.error ? toApiError(form.start.error) : undefined
  const matchProblem = form.hosts.forRun.error ? toApiError(form.hosts.forRun.error) : undefined
  const faults = form.tried ? { ...serverFaults(runbook, problem), ...form.judged.faults } : {}
  const commands = runbook.blocks.some(isCommand)
  const why = blocked(form.hosts, commands, reachable, matchProblem)
  const hosts = form.hosts.count ?? 0
  return (
    <Sheet
      open
      onClose={onClose}
      title={`Run ${runbook.title}`}
      description={`Version ${runbook.version.version_number}`}
      footer={
        <>
          {commands && <Confirmation />}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            icon={<Play aria-hidden size={15} />}
            reason={why}
            disabled={form.start.isPending}
            onClick={form.submit}
          >
            {form.start.isPending ? 'Starting…' : commands ? `Run on ${counted(hosts, 'host')}` : 'Run'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        {problem && <ErrorState what="The execution was not started." error={problem} />}
        {runbook.parameters.length > 0 && (
          <Section title="Parameters">
            <ParameterFields
              parameters={runbook.parameters}
              typed={form.typed}
              faults={faults}
              onChange={(name, value) => form.setTyped((old) => ({ ...old, [name]: value }))}
            />
          </Section>
        )}
        {needsTargets(runbook) && (
          <Section title="Hosts">
            <TargetPicker value={form.targets} onChange={form.setTargets} />
          </Section>
        )}
        {commands && <Commands runbook={runbook} />}
        <TextField
          label="Reason"
          optional
          description="Kept with the execution, such as an incident's name."
          maxLength={1000}
          value={form.reason}
          onChange={(event) => form.setReason(event.target.value)}
        />
      </div>
    </Sheet>
  )
}

function blocked(
  hosts: ReturnType<typeof useRunHosts>,
  commands: boolean,
  reachable: boolean,
  matchProblem: ApiError | undefined,
): string | undefined {
  if (!reachable) return 'The controller cannot be reached.'
  if (!commands) return undefined
  if (matchProblem) return 'The choice of hosts has a fault.'
  if (hosts.count === undefined) return 'Choose the hosts first.'
  return hosts.someEmpty ? 'A step would have no host.' : undefined
}

function serverFaults(runbook: Runbook, problem: ApiError | undefined): Record<string, string | undefined> {
  const pairs = runbook.parameters.map(({ name }) => [name, problem?.faultAt(`/parameters/${name}`)] as const)
  return Object.fromEntries(pairs)
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  )
}

function Confirmation() {
  return (
    <p className="flex flex-1 basis-60 items-start gap-2 text-small">
      <ShieldCheck aria-hidden size={16} className="mt-px shrink-0 text-waiting" />
      <span>
        Starting <b className="font-semibold">confirms every command below in advance</b>. None will ask
        again.
      </span>
    </p>
  )
}

function Commands({ runbook }: { runbook: Runbook }) {
  return (
    <Section title="Commands this confirms">
      <ol className="flex flex-col gap-3">
        {runbook.blocks.map((block, index) =>
          isCommand(block) ? (
            <li key={block.id} className="flex flex-col gap-1">
              <span>
                {index + 1}. {block.name}
                <span className="text-mute">
                  {' '}
                  on {targetsText(block.config) ?? 'the hosts above'}
                  {block.config.run_as && `, as ${block.config.run_as}`}
                </span>
              </span>
              <CommandText config={block.config} />
            </li>
          ) : null,
        )}
      </ol>
    </Section>
  )
}

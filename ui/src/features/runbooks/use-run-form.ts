// What was filled in to start a runbook, what the controller says of it, and sending it once.
import { useRef, useState } from 'react'
import { useNavigate } from 'react-router'

import { useDryRun, useStart } from '@/features/runbooks/api'
import type { ApprovalChoice } from '@/features/runbooks/approval-plan'
import { needsTargets, useRunHosts } from '@/features/runbooks/use-run-hosts'
import { type ApiError, toApiError } from '@/lib/api-client'
import { useConnection } from '@/lib/live'
import { type ExecuteInput, type Runbook, type Targets, isCommand } from '@/lib/model'
import { paths } from '@/lib/paths'
import { useSettled } from '@/lib/use-settled'
import { initialTyped, judgeAll } from '@/modules/parameters/parameter-values'

const kMatchPauseMs = 200

export function useRunForm(runbook: Runbook) {
  const navigate = useNavigate()
  const start = useStart()
  const dryRun = useDryRun(runbook.id)
  const [typed, setTyped] = useState(() => initialTyped(runbook.parameters))
  const [targets, setTargets] = useState<Targets>({ selector: '', hosts: [] })
  const [approval, setApproval] = useState<ApprovalChoice>('each')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [previewed, setPreviewed] = useState('')
  const sent = useRef({ body: '', key: '' })
  const judged = judgeAll(runbook.parameters, typed)
  const counted = useSettled(targets, kMatchPauseMs)
  const hosts = useRunHosts(runbook, counted)
  const settling = JSON.stringify(counted) !== JSON.stringify(targets)
  const whyNot = useWhyNotRun(runbook, hosts)

  const input: ExecuteInput = {
    parameters: judged.values,
    version_id: runbook.version.id,
    approval,
    ...(needsTargets(runbook) && { targets: given(targets) }),
    ...(reason.trim() && { reason: reason.trim() }),
  }
  const body = JSON.stringify(input)
  const isSound = () => {
    setTried(true)
    return Object.keys(judged.faults).length === 0
  }
  const submit = () => {
    if (!isSound()) return
    dryRun.reset()
    // The same request sent again after a lost answer must not start a second execution.
    if (sent.current.body !== body) sent.current = { body, key: crypto.randomUUID() }
    start.mutate(
      { runbook: runbook.id, input, idempotencyKey: sent.current.key },
      { onSuccess: (execution) => void navigate(paths.execution(execution.id)) },
    )
  }
  const preview = () => {
    if (!isSound()) return
    start.reset()
    setPreviewed(body)
    dryRun.mutate(input)
  }
  const failed = start.error ?? dryRun.error
  return {
    typed,
    type: (name: string, value: string) => setTyped((old) => ({ ...old, [name]: value })),
    targets,
    setTargets,
    approval,
    setApproval,
    reason,
    setReason,
    hosts,
    submit,
    preview,
    starting: start.isPending,
    dryRun: { data: dryRun.data, pending: dryRun.isPending, stale: previewed !== body },
    problem: failed ? toApiError(failed) : undefined,
    refusedStart: start.isError,
    ownFaults: tried ? judged.faults : {},
    why: whyNot ?? (settling ? 'Hosts are being counted.' : undefined),
  }
}

export type RunForm = ReturnType<typeof useRunForm>

function given(targets: Targets): Targets {
  const selector = targets.selector?.trim()
  return { ...(selector && { selector }), ...(targets.hosts?.length && { hosts: targets.hosts }) }
}

function useWhyNotRun(runbook: Runbook, hosts: ReturnType<typeof useRunHosts>): string | undefined {
  const { reachable } = useConnection()
  if (!reachable) return 'The controller cannot be reached.'
  if (!runbook.blocks.some(isCommand)) return undefined
  if (hosts.forRun.isError) return 'The choice of hosts has a fault.'
  if (hosts.count === undefined) return 'Choose the hosts first.'
  return hosts.someEmpty || hosts.count === 0 ? 'A step would have no host.' : undefined
}

// Where a fault the server names belongs on the form; those without a place stay in the list above it.
export function fieldFaults(runbook: Runbook, problem: ApiError | undefined) {
  const at = (pointer: string) => problem?.faultAt(pointer)
  const below = (pointer: string) =>
    problem?.faults.find((fault) => fault.pointer.startsWith(`${pointer}/`))?.message
  return {
    parameters: Object.fromEntries(
      runbook.parameters.map(({ name }) => [name, at(`/parameters/${name}`)] as const),
    ) as Record<string, string | undefined>,
    targets: at('/targets'),
    selector: at('/targets/selector'),
    hosts: at('/targets/hosts') ?? below('/targets/hosts'),
    reason: at('/reason'),
  }
}

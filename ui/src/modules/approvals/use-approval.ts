// One waiting step under a person's eyes: what was shown is what may be approved. When something else waits
// now, the difference is shown first.
import { useState } from 'react'

import { toApiError } from '@/lib/api-client'
import { useConnection } from '@/lib/live'
import type { ExecutionSummary, Step, StepApproval } from '@/lib/model'
import { useMe } from '@/lib/use-me'
import { useNow } from '@/lib/use-now'
import { useReach } from '@/lib/use-reach'
import { readStep, useStepAction } from '@/modules/approvals/api'
import { whyNotApproveStep, whyNotReject } from '@/modules/approvals/approval-facts'
import { type Difference, approvalDifference } from '@/modules/approvals/approval-difference'
import { whyNot } from '@/lib/permissions'
import { useVersion } from '@/lib/use-version'

const kAway = 'The controller cannot be reached.'
const kLookFirst = 'What would run has changed: look at the difference first.'

export interface ApprovalProps {
  execution: Pick<
    ExecutionSummary,
    | 'id'
    | 'runbook_id'
    | 'version_id'
    | 'version_number'
    | 'title'
    | 'requested_by'
    | 'requested_by_name'
    | 'reason'
  >
  step: Step // awaiting_approval, with its approval
  number: number // of the step in the runbook, from 1
  steps?: readonly Step[] // of the execution, for what a retry leaves out
  onDone?: ((answer: 'approve' | 'reject' | 'skip') => void) | undefined
}

export interface Approval {
  approval: StepApproval // what is on the screen
  difference: Difference[] | undefined // to what waits now
  accept: () => void // the difference was read
  // True when the question is over: done, or there is a difference to look at first.
  approve: (note: string) => Promise<boolean>
  reject: (reason: string) => Promise<boolean>
  skip: (reason: string) => Promise<boolean>
  pending: boolean
  error: unknown
  forget: () => void // the error
  whyNotApprove: string | undefined
  whyNotReject: string | undefined
  whyNotSkip: string | undefined
}

const agentsOf = (approval: StepApproval) => approval.commands.map((command) => command.agent_id)

// Use with a key: one per step.
export function useApproval({ execution, step, onDone }: ApprovalProps, waiting: StepApproval): Approval {
  const [shown, setShown] = useState(waiting)
  const [read, setRead] = useState<{ approval: StepApproval; instead: string }>()
  const act = useStepAction(execution.id)
  const version = useVersion(execution.runbook_id, execution.version_id)
  const me = useMe().data
  const now = useNow()
  const { reachable } = useConnection()

  // What was read after a refusal stands until the page itself brings something newer.
  const latest = read?.instead === waiting.digest ? read.approval : waiting
  const changed = latest.digest !== shown.digest
  const approval = changed ? shown : latest
  const reach = useReach(execution.runbook_id, agentsOf(approval))
  const asked = { me, execution, approval, author: version.data?.version.created_by, now, reach }
  const away = reachable ? undefined : kAway

  const send = async (action: 'approve' | 'reject' | 'skip', body: Record<string, unknown>) => {
    try {
      await act.mutateAsync({ step: step.id, action, body })
    } catch (error) {
      return toApiError(error).status === 409 && (await look())
    }
    onDone?.(action)
    return true
  }
  // A refusal may mean that something else waits now.
  const look = async (): Promise<boolean> => {
    const found = await readStep(execution.id, step.id).catch(() => undefined)
    if (!found?.approval || found.approval.digest === shown.digest) return false
    setRead({ instead: waiting.digest, approval: found.approval })
    return true
  }

  return {
    approval,
    difference: changed ? approvalDifference(shown, latest) : undefined,
    accept: () => {
      setShown(latest)
      act.reset()
    },
    approve: (note) => send('approve', { digest: shown.digest, ...(note && { note }) }),
    reject: (reason) => send('reject', { reason }),
    skip: (reason) => send('skip', reason ? { reason } : {}),
    pending: act.isPending,
    error: act.error,
    forget: act.reset,
    whyNotApprove: whyNotApproveStep(asked) ?? away ?? (changed ? kLookFirst : undefined),
    whyNotReject: whyNotReject(asked) ?? away,
    whyNotSkip: whyNot(me?.roles ?? [], 'execute', reach) ?? away,
  }
}

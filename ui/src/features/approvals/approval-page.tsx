// One request, phone first: exactly what would run and where, who has approved, and the answer to it.
import { useQueryClient } from '@tanstack/react-query'
import { ChevronLeft, Hand, ShieldQuestion } from 'lucide-react'
import { useState } from 'react'
import { Link, useParams } from 'react-router'

import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { buttonClass } from '@/components/button'
import { cx } from '@/components/class-names'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { usePageTitle } from '@/components/page'
import { statusLook } from '@/components/status'
import { useAskingExecution } from '@/features/approvals/api'
import { ApprovalRequest } from '@/features/approvals/approval-request'
import { ApprovalOutcome } from '@/features/approvals/approval-outcome'
import type { Answer } from '@/features/approvals/approval-words'
import { toApiError } from '@/lib/api-client'
import type { Execution, Step } from '@/lib/model'
import { paths } from '@/lib/paths'
import { between, duration } from '@/lib/time'
import { useNow } from '@/lib/use-now'
import { approvalsKey } from '@/modules/approvals/waiting'

export function ApprovalPage() {
  const { execution = '', step = '' } = useParams()
  const asking = useAskingExecution(execution)
  const found = asking.data?.steps.find((each) => each.id === step)
  if (asking.data && found) return <Loaded key={step} execution={asking.data} step={found} />
  if (asking.data || (asking.isError && toApiError(asking.error).status === 404)) return <Missing />
  if (asking.isError)
    return (
      <ErrorState
        what="This request could not be loaded."
        error={asking.error}
        onRetry={() => void asking.refetch()}
      />
    )
  return <SkeletonRows />
}

function Loaded({ execution, step }: { execution: Execution; step: Step }) {
  const [answered, setAnswered] = useState<Answer>()
  const queries = useQueryClient()
  const answer = (given: Answer) => {
    setAnswered(given)
    void queries.invalidateQueries({ queryKey: approvalsKey })
  }
  usePageTitle(`Approval: ${step.name}`)
  const waits = step.status === 'awaiting_approval' && step.approval !== null
  return (
    <div className="mx-auto flex min-h-full w-full max-w-[720px] flex-col">
      <BreadcrumbEnd title={step.name} />
      <header
        className={cx(
          'flex min-h-12 items-center gap-2 border-b border-line px-2',
          'md:border-0 md:px-4 md:pt-2',
        )}
      >
        <Link
          to={paths.approvals}
          aria-label="Back to the approvals"
          title="Back to the approvals"
          className="inline-flex size-7 items-center justify-center rounded-md hover:bg-raised max-md:size-11"
        >
          <ChevronLeft aria-hidden size={18} />
        </Link>
        <span className="font-semibold">Approval</span>
        <Pill step={step} waits={waits} />
      </header>
      {waits && step.approval ? (
        <ApprovalRequest
          execution={execution}
          step={step}
          waiting={step.approval}
          answered={answered}
          onAnswered={answer}
        />
      ) : (
        <ApprovalOutcome execution={execution} step={step} answered={answered} />
      )}
    </div>
  )
}

function Pill({ step, waits }: { step: Step; waits: boolean }) {
  const now = useNow()
  const passed = waits ? between(step.timestamp, null, now) : undefined
  const { word, icon: Icon, colour } = statusLook(step.status)
  return (
    <span
      className={cx(
        'tabular ml-auto inline-flex h-6 items-center gap-1.5 rounded-full border border-current px-2.5',
        'text-small font-semibold whitespace-nowrap',
        colour,
      )}
    >
      {waits ? <Hand aria-hidden size={14} /> : <Icon aria-hidden size={14} />}
      {waits ? (passed === undefined ? 'Waiting' : `Waiting ${duration(passed)}`) : word}
    </span>
  )
}

function Missing() {
  return (
    <EmptyState
      icon={ShieldQuestion}
      action={
        <Link to={paths.approvals} className={buttonClass('plain')}>
          Go to the approvals
        </Link>
      }
    >
      There is no such request: the address is wrong, or it is of an execution you may not see.
    </EmptyState>
  )
}

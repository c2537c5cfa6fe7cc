// What can be done with the hosts that are chosen, or with those that failed.
import { Copy, RotateCcw } from 'lucide-react'
import { useState } from 'react'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { ErrorState } from '@/components/notice'
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { useWhyNotExecute } from '@/features/executions/run-header'
import { mayRetry } from '@/features/executions/step-controls'
import { stepNumber } from '@/features/executions/step-facts'
import { count, counted } from '@/lib/format'
import type { Step } from '@/lib/model'
import { useStepAction } from '@/modules/approvals/api'

interface Props {
  feed: ExecutionFeed
  execution: ExecutionFacts
  step: Step
  steps: Step[]
  chosen: ReadonlySet<string>
  order: string[] // agents that are shown
  onClear: () => void
}

export function HostActions({ feed, execution, step, steps, chosen, order, onClear }: Props) {
  const [asking, setAsking] = useState(false)
  const [copied, setCopied] = useState(false)
  const reason = useWhyNotExecute(execution)
  const failed = failedHosts(step)
  const retriable = mayRetry(execution, step, steps) && (chosen.size > 0 || failed > 0)
  const names = () => {
    const hosts = feed.state().hosts[step.id] ?? {}
    const wanted = chosen.size > 0 ? [...chosen] : order
    return wanted.flatMap((agent) => hosts[agent]?.host ?? [])
  }
  const copy = () => void navigator.clipboard.writeText(names().join('\n')).then(() => setCopied(true))
  const copyWord = chosen.size > 0 ? `Copy ${counted(chosen.size, 'name')}` : 'Copy names'
  return (
    <>
      {retriable && (
        <Button icon={<RotateCcw aria-hidden size={14} />} reason={reason} onClick={() => setAsking(true)}>
          {chosen.size > 0
            ? `Retry ${counted(chosen.size, 'chosen host')}`
            : `Retry ${counted(failed, 'failed host')}`}
        </Button>
      )}
      {chosen.size > 0 && (
        <Button kind="quiet" onClick={onClear}>
          {count(chosen.size)} chosen, clear
        </Button>
      )}
      <Button
        kind="quiet"
        icon={<Copy aria-hidden size={14} />}
        onClick={copy}
        onBlur={() => setCopied(false)}
        className="max-lg:hidden"
      >
        {copied ? 'Copied' : copyWord}
      </Button>
      {asking && (
        <RetryDialog
          {...{ execution, step, chosen, failed }}
          onClose={() => setAsking(false)}
          onDone={() => {
            setAsking(false)
            onClear()
          }}
        />
      )}
    </>
  )
}

// Those a retry without names runs on: all that did not succeed.
export function failedHosts(step: Step): number {
  return Object.entries(step.host_counts)
    .filter(([state]) => state !== 'success')
    .reduce((sum, [, hosts]) => sum + hosts, 0)
}

interface RetryProps {
  execution: ExecutionFacts
  step: Step
  chosen: ReadonlySet<string>
  failed: number
  onClose: () => void
  onDone: () => void
}

function RetryDialog({ execution, step, chosen, failed, onClose, onDone }: RetryProps) {
  const act = useStepAction(execution.id)
  const some = chosen.size > 0
  const hosts = counted(some ? chosen.size : failed, 'host')
  const body = some ? { hosts: [...chosen] } : {}
  const retry = () => act.mutate({ step: step.id, action: 'retry', body }, { onSuccess: onDone })
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Retry step ${stepNumber(step)}: ${step.name}?`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            icon={<RotateCcw aria-hidden size={14} />}
            disabled={act.isPending}
            onClick={retry}
          >
            {act.isPending ? 'Sending…' : `Retry on ${hosts}`}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p>
          The step runs once more as attempt {step.attempt + 1}, on{' '}
          {some ? `the ${hosts} chosen` : `the ${hosts} that did not succeed`} and on no other. The steps that
          were skipped because it failed get their turn after it.
        </p>
        {act.isError && <ErrorState what="The retry was not accepted." error={act.error} />}
      </div>
    </Dialog>
  )
}

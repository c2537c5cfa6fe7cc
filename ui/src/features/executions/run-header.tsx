// Title, state, facts and what may be done with the run.
import { Link2, Pause, Play, Square } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'react-router'

import { Button } from '@/components/button'
import { IconButton } from '@/components/icon-button'
import { Kbd } from '@/components/kbd'
import { StatusPill } from '@/components/status'
import { ErrorState } from '@/components/notice'
import { useControl } from '@/features/executions/api'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { runWord } from '@/features/executions/step-facts'
import { StopDialog } from '@/features/executions/stop-dialog'
import { useHotkeys } from '@/lib/hotkeys'
import { useConnection } from '@/lib/live'
import { type Step, hasEnded } from '@/lib/model'
import { paths } from '@/lib/paths'
import { whyNot } from '@/lib/permissions'
import { between, duration, exactTime } from '@/lib/time'
import { useMe } from '@/lib/use-me'
import { useNow } from '@/lib/use-now'

interface Props {
  execution: ExecutionFacts
  steps: Step[]
}

export function RunHeader({ execution, steps }: Props) {
  const [asking, setAsking] = useState(false)
  const [copied, setCopied] = useState(false)
  const me = useMe()
  const { reachable } = useConnection()
  const control = useControl(execution.id)
  const ended = hasEnded(execution.status)
  const paused = execution.status === 'paused'
  const reason =
    whyNot(me.data?.roles ?? [], 'execute') ?? (reachable ? undefined : 'The controller cannot be reached.')
  const mayStop = !ended && !execution.stop && reason === undefined
  useHotkeys({ 'Shift S': () => mayStop && setAsking(true) })
  const copy = () => void navigator.clipboard.writeText(window.location.href).then(() => setCopied(true))
  return (
    <header className="flex flex-col gap-2 border-b border-line bg-surface px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="text-title font-semibold">{execution.title}</h1>
        <Link
          to={paths.runbook(execution.runbook_id)}
          title="Open the runbook"
          className="rounded-sm border border-line px-1.5 font-mono text-small text-mute hover:text-fg"
        >
          v{execution.version_number}
        </Link>
        <span role="status">
          <StatusPill status={execution.status}>{runWord(execution, steps)}</StatusPill>
        </span>
        <div className="ml-auto flex gap-2">
          {!ended && !execution.stop && (
            <Button
              icon={paused ? <Play aria-hidden size={14} /> : <Pause aria-hidden size={14} />}
              reason={reason}
              disabled={control.isPending}
              onClick={() => control.mutate(paused ? 'resume' : 'pause')}
            >
              {paused ? 'Resume' : 'Pause'}
            </Button>
          )}
          {!ended && (
            <Button
              kind="danger"
              icon={<Square aria-hidden size={14} />}
              reason={reason}
              disabled={execution.stop !== null}
              onClick={() => setAsking(true)}
            >
              {execution.stop ? 'Stopping' : 'Stop'} {!execution.stop && <Kbd>Shift S</Kbd>}
            </Button>
          )}
          <IconButton
            name={copied ? 'Link copied' : 'Copy the link'}
            bordered
            onClick={copy}
            onBlur={() => setCopied(false)}
          >
            <Link2 aria-hidden size={15} className={copied ? 'text-success' : undefined} />
          </IconButton>
        </div>
      </div>
      {control.isError && <ErrorState what="That was not accepted." error={control.error} />}
      <Facts execution={execution} />
      <StopDialog
        open={asking && !execution.stop && !ended}
        execution={execution}
        steps={steps}
        onClose={() => setAsking(false)}
      />
    </header>
  )
}

function Facts({ execution }: { execution: ExecutionFacts }) {
  const now = useNow()
  const passed = between(execution.start_time, execution.end_time, now)
  const targets = [execution.targets?.selector, ...(execution.targets?.hosts ?? [])]
    .filter(Boolean)
    .join(', ')
  const parameters = Object.entries(execution.parameters)
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1">
      <Fact name="Elapsed">
        <span className="tabular">{passed === undefined ? '–' : duration(passed)}</span>
      </Fact>
      {execution.start_time && (
        <Fact name="Started">
          <time dateTime={execution.start_time}>{exactTime(execution.start_time)}</time>
        </Fact>
      )}
      <Fact name="Started by">{execution.requested_by_name}</Fact>
      {targets && (
        <Fact name="Targets">
          <code className="font-mono text-small">{targets}</code>
        </Fact>
      )}
      {parameters.map(([name, value]) => (
        <Fact key={name} name={name}>
          <code className="font-mono text-small">{String(value)}</code>
        </Fact>
      ))}
      {execution.reason && <Fact name="Reason">{execution.reason}</Fact>}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-baseline gap-1.5">
      <dt className="text-mute">{name}</dt>
      <dd className="max-w-96 truncate font-medium">{children}</dd>
    </div>
  )
}

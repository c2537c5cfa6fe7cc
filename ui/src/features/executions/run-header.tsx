// Title, state, facts and what may be done with the run.
import { Check, Link2, Pause, Play, RotateCcw, Square } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'

import { Button } from '@/components/button'
import { IconButton } from '@/components/icon-button'
import { Kbd } from '@/components/kbd'
import { ErrorState } from '@/components/notice'
import { StatusPill } from '@/components/status'
import { type ControlAction, useControl } from '@/features/executions/api'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { type Again, RestartDialog } from '@/features/executions/restart-dialog'
import { RunFacts } from '@/features/executions/run-facts'
import { RunMenu } from '@/features/executions/run-menu'
import { restartStep, runWord, stepNumber } from '@/features/executions/step-facts'
import { StopDialog } from '@/features/executions/stop-dialog'
import { useCommands } from '@/lib/commands'
import { useHotkeys } from '@/lib/hotkeys'
import { useConnection } from '@/lib/live'
import { type Step, hasEnded } from '@/lib/model'
import { paths } from '@/lib/paths'
import { whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'
import { useReach } from '@/lib/use-reach'

interface Props {
  execution: ExecutionFacts
  steps: Step[]
  selected: Step | undefined
}

export function useWhyNotExecute({ runbook_id }: Pick<ExecutionFacts, 'runbook_id'>): string | undefined {
  const me = useMe()
  const reach = useReach(runbook_id)
  const { reachable } = useConnection()
  if (me.data === undefined) return 'Who you are is not known yet.'
  const reason = whyNot(me.data.roles, 'execute', reach)
  return reason ?? (reachable ? undefined : 'The controller cannot be reached.')
}

export function RunHeader({ execution, steps, selected }: Props) {
  const control = useControl(execution.id)
  return (
    <header className="flex flex-col gap-2 border-b border-line bg-surface px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="min-w-0 text-title font-semibold break-words">{execution.title}</h1>
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
        <div className="ml-auto flex flex-wrap gap-2">
          <Controls {...{ execution, steps, selected, control }} />
          <CopyLink />
          <RunMenu execution={execution} step={selected} />
        </div>
      </div>
      {control.isError && <ErrorState what="That was not accepted." error={control.error} />}
      <RunFacts execution={execution} steps={steps} />
    </header>
  )
}

type ControlsProps = Props & { control: ReturnType<typeof useControl> }

function Controls({ execution, steps, selected, control }: ControlsProps) {
  const reason = useWhyNotExecute(execution)
  const restart = restartStep(steps, selected)
  const [again, setAgain] = useState<Again>()
  if (!hasEnded(execution.status)) return <RunningControls {...{ execution, steps, control, reason }} />
  return (
    <>
      {restart && (
        <Button
          icon={<RotateCcw aria-hidden size={14} />}
          reason={reason}
          onClick={() => setAgain({ from: restart.slug })}
        >
          Restart from step {stepNumber(restart)}
        </Button>
      )}
      <Button
        icon={<Play aria-hidden size={14} />}
        reason={reason}
        onClick={() => setAgain({ from: undefined })}
      >
        Run again
      </Button>
      {again && <RestartDialog {...{ execution, steps, again }} onClose={() => setAgain(undefined)} />}
    </>
  )
}

type RunningProps = Pick<ControlsProps, 'execution' | 'steps' | 'control'> & { reason: string | undefined }

function RunningControls({ execution, steps, control, reason }: RunningProps) {
  const [asking, setAsking] = useState(false)
  const stopping = execution.stop !== null
  const action: ControlAction = execution.status === 'paused' ? 'resume' : 'pause'
  const may = reason === undefined && !stopping
  const turn = () => may && !control.isPending && control.mutate(action)
  // The key only pauses: a colleague's pause, seen too late, must not be undone by it.
  const pause = () => action === 'pause' && turn()
  const stop = () => may && setAsking(true)
  useHotkeys({ p: pause, 'Shift S': stop })
  useCommands([
    {
      name: `${action === 'pause' ? 'Pause' : 'Resume'} this execution`,
      ...(action === 'pause' && { keys: 'p' }),
      reason,
      run: turn,
    },
    { name: 'Stop this execution', keys: 'Shift S', reason, run: stop },
  ])
  return (
    <>
      {!stopping && (
        <PauseButton
          paused={action === 'resume'}
          reason={reason}
          pending={control.isPending}
          onClick={turn}
        />
      )}
      <Button
        kind="danger"
        icon={<Square aria-hidden size={14} />}
        reason={reason}
        disabled={stopping}
        title={reason ?? 'Shift S'}
        onClick={stop}
      >
        {stopping ? 'Stopping' : 'Stop'}
      </Button>
      <StopDialog
        open={asking && !stopping}
        execution={execution}
        steps={steps}
        onClose={() => setAsking(false)}
      />
    </>
  )
}

interface PauseProps {
  paused: boolean
  reason: string | undefined
  pending: boolean
  onClick: () => void
}

function PauseButton({ paused, reason, pending, onClick }: PauseProps) {
  const Icon = paused ? Play : Pause
  return (
    <Button icon={<Icon aria-hidden size={14} />} reason={reason} disabled={pending} onClick={onClick}>
      {paused ? (
        'Resume'
      ) : (
        <>
          Pause <Kbd>P</Kbd>
        </>
      )}
    </Button>
  )
}

function CopyLink() {
  const [copied, setCopied] = useState(false)
  const copy = () => void navigator.clipboard.writeText(window.location.href).then(() => setCopied(true))
  const Icon = copied ? Check : Link2
  return (
    <IconButton
      name={copied ? 'Link copied' : 'Copy the link'}
      bordered
      onClick={copy}
      onBlur={() => setCopied(false)}
    >
      <Icon aria-hidden size={15} className={copied ? 'text-success' : undefined} />
    </IconButton>
  )
}

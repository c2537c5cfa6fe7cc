// What there is to see of the selected step: its text, or its command, hosts and output.
import { ChevronRight } from 'lucide-react'

import { cx } from '@/components/class-names'
import { StatusText } from '@/components/status'
import { useVersion } from '@/features/executions/api'
import { ApprovalPanel } from '@/features/executions/approval-panel'
import { ControllerStep } from '@/features/executions/controller-step'
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import { HostMatrix, hostDescription } from '@/features/executions/host-matrix'
import { type ExecutionFacts, type Hosts } from '@/features/executions/live-execution'
import { ManualStep } from '@/features/executions/manual-step'
import { StepControls } from '@/features/executions/step-controls'
import { useFeed } from '@/features/executions/use-live-execution'
import { useConnection } from '@/lib/live'
import { type Block, type Step, type StreamName, commandText, isCommand, isInstruction } from '@/lib/model'
import { outputPath } from '@/lib/paths'
import { Console } from '@/modules/console/console'

interface Props {
  feed: ExecutionFeed
  execution: ExecutionFacts
  step: Step
  steps: Step[]
  number: number
  host: string | undefined
  stream: StreamName | undefined
  part: 'steps' | 'hosts' | 'output'
  onHost: (agent: string | undefined) => void
  onStream: (stream: StreamName | undefined) => void
}

const kNone: Hosts = {}

export function StepPane(props: Props) {
  const { feed, execution, step, number, part } = props
  const version = useVersion(execution.runbook_id, execution.version_id)
  const block = version.data?.blocks.find((each) => each.id === step.block_id)
  const hosts = useFeed(feed, (state) => state.hosts[step.id] ?? kNone)
  const host = props.host === undefined ? undefined : hosts[props.host]
  return (
    <div
      className={cx(
        'flex min-w-0 flex-1 flex-col gap-3 overflow-y-auto p-3',
        part === 'steps' && 'max-md:hidden',
      )}
    >
      <ApprovalPanel execution={execution} step={step} number={number} />
      {step.type === 'instruction' ? (
        <ManualStep
          execution={execution.id}
          step={step}
          number={number}
          text={step.text ?? instructionText(block)}
        />
      ) : step.type !== 'command' ? (
        <ControllerStep execution={execution} step={step} number={number} />
      ) : (
        <>
          <div className={cx('flex flex-col gap-3', part === 'output' && 'max-md:hidden')}>
            <HostMatrix
              feed={feed}
              step={step}
              number={number}
              selected={host?.agent_id}
              onSelect={props.onHost}
            />
            <StepNote step={step} host={host && hostDescription(host)} hostStatus={host?.status} />
          </div>
          <Command block={block} />
          <div className={cx('flex min-h-0 flex-1 flex-col', part === 'hosts' && 'max-md:hidden')}>
            <Output {...props} hosts={hosts} />
          </div>
        </>
      )}
      <StepControls execution={execution} step={step} steps={props.steps} />
    </div>
  )
}

function instructionText(block: Block | undefined): string | undefined {
  return block && isInstruction(block) ? block.config.text : undefined
}

interface NoteProps {
  step: Step
  host: string | undefined
  hostStatus: string | undefined
}

function StepNote({ step, host, hostStatus }: NoteProps) {
  if (host && hostStatus) return <StatusText status={hostStatus}>{host}</StatusText>
  if (step.status === 'pending') return <p className="text-mute">This step has not begun.</p>
  if (step.status === 'skipped')
    return <p className="text-mute">Skipped{step.reason ? `: ${step.reason}` : ''}.</p>
  return step.reason ? <p className="text-mute">{step.reason}</p> : null
}

function Command({ block }: { block: Block | undefined }) {
  if (!block || !isCommand(block)) return null
  return (
    <details className="group">
      <summary
        className={cx(
          'inline-flex min-h-6 items-center gap-1',
          'rounded-sm text-mute marker:content-none hover:text-fg',
        )}
      >
        <ChevronRight aria-hidden size={14} className="group-open:rotate-90" />
        Command
        {block.config.run_as && `, as ${block.config.run_as}`}
      </summary>
      {/* eslint-disable jsx-a11y/no-noninteractive-tabindex -- long commands scroll inside */}
      <pre
        tabIndex={0}
        role="region"
        aria-label="Command text"
        className="console mt-1 max-h-60 overflow-auto rounded-md px-3 py-2 font-mono text-[12px]/[18px]"
      >
        {commandText(block.config).trimEnd()}
      </pre>
      {/* eslint-enable jsx-a11y/no-noninteractive-tabindex */}
    </details>
  )
}

const kStepEnded = ['success', 'error', 'skipped', 'stopped', 'unknown']

function Output({ feed, execution, step, host, stream, hosts, onHost, onStream }: Props & { hosts: Hosts }) {
  const { phase } = useConnection()
  const chosen = host === undefined ? undefined : hosts[host]
  const ended = kStepEnded.includes(step.status)
  const streaming = step.status === 'running' && phase === 'live'
  const state = ended
    ? 'Complete'
    : step.status === 'pending'
      ? 'Not begun'
      : streaming
        ? 'Streaming, no gaps'
        : 'Not live'
  return (
    <Console
      key={step.id}
      store={feed.store(step.id)}
      host={chosen && { agent: chosen.agent_id, name: chosen.host }}
      stream={stream}
      onHost={onHost}
      onStream={onStream}
      download={outputPath(execution.id, step.id, chosen?.agent_id, stream)}
      state={state}
      streaming={streaming}
      expectedBytes={step.output_bytes}
    />
  )
}

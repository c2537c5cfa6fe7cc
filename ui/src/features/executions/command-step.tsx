// A command step: its hosts, what it runs, who approved it, and its output.
import { ChevronRight, ShieldCheck } from 'lucide-react'

import { cx } from '@/components/class-names'
import { StatusText } from '@/components/status'
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import { hostDescription, refusalOf, shownStatus } from '@/features/executions/host-words'
import { HostsPanel } from '@/features/executions/hosts-panel'
import { Refusals } from '@/features/executions/refusals'
import { type ExecutionFacts } from '@/features/executions/live-execution'
import { stepFact } from '@/features/executions/step-facts'
import { StepOutput } from '@/features/executions/step-output'
import { useFeed } from '@/features/executions/use-live-execution'
import { type Block, type Step, type StepHost, type StreamName, commandText, isCommand } from '@/lib/model'
import { exactTime } from '@/lib/time'

interface Props {
  feed: ExecutionFeed
  execution: ExecutionFacts
  step: Step
  steps: Step[]
  block: Block | undefined
  host: string | undefined
  stream: StreamName | undefined
  part: 'steps' | 'hosts' | 'output'
  onHost: (agent: string | undefined) => void
  onStream: (stream: StreamName | undefined) => void
}

export function CommandStep(props: Props) {
  const { feed, execution, step, steps, block, part, onHost } = props
  const host = useFeed(feed, (state) => state.hosts[step.id]?.[props.host ?? ''])
  const begun = step.status !== 'pending' && step.status !== 'skipped'
  return (
    <>
      <div className={cx('flex flex-col gap-2', part === 'output' && 'max-md:hidden')}>
        <HostsPanel {...{ feed, execution, step, steps }} selected={host?.agent_id} onSelect={onHost} />
        {!host && (step.host_counts['not_started'] ?? 0) > 0 && <Refusals feed={feed} step={step} />}
        <Note step={step} host={host} fact={stepFact(step, { execution, steps, block, now: 0 })} />
        <Approved step={step} />
        <Command block={block} />
      </div>
      {begun && (
        <div className={cx('flex min-h-0 flex-1 flex-col', part === 'hosts' && 'max-md:hidden')}>
          {host && refusalOf(host) ? <NothingRan /> : <StepOutput {...props} host={host} />}
        </div>
      )}
    </>
  )
}

function Note({ step, host, fact }: { step: Step; host: StepHost | undefined; fact: string }) {
  if (host) return <StatusText status={shownStatus(host)}>{hostDescription(host)}</StatusText>
  if (step.status === 'pending') return <p className="text-mute">This step has not begun. {fact}</p>
  if (step.status === 'skipped') return <p className="text-mute">{fact}.</p>
  return step.reason ? <p className="text-mute">{step.reason}</p> : null
}

function NothingRan() {
  return (
    <p className="rounded-lg border border-line bg-surface p-3 text-mute">
      Nothing ran on this host, so there is no output.
    </p>
  )
}

function Approved({ step }: { step: Step }) {
  const given = step.status === 'awaiting_approval' ? [] : (step.approval?.given ?? [])
  return given.map((each) => (
    <p key={each.by} className="flex items-start gap-2 text-mute">
      <ShieldCheck aria-hidden size={14} className="mt-0.5 shrink-0 text-success" />
      <span>
        Approved by {each.by_name}, <time dateTime={each.at}>{exactTime(each.at)}</time>
        {each.note && `: ${each.note}`}
      </span>
    </p>
  ))
}

function Command({ block }: { block: Block | undefined }) {
  if (!block || !isCommand(block)) return null
  return (
    <details className="group">
      <summary
        className={cx(
          'inline-flex min-h-6 items-center gap-1 max-md:min-h-11',
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

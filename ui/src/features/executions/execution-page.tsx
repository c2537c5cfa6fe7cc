// One execution, live: steps, hosts and output. The address holds step, host and stream; every pane follows
// it.
import { useEffect, useState } from 'react'
import { useParams, useSearchParams } from 'react-router'

import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { cx } from '@/components/class-names'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { Page, usePageTitle } from '@/components/page'
import { statusWord } from '@/components/status'
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import { type ExecutionFacts, currentStep } from '@/features/executions/live-execution'
import { RunHeader } from '@/features/executions/run-header'
import { StepPane } from '@/features/executions/step-pane'
import { StepTimeline } from '@/features/executions/step-timeline'
import { useExecutionFeed, useFeed } from '@/features/executions/use-live-execution'
import { shortId } from '@/lib/format'
import { useHotkeys } from '@/lib/hotkeys'
import type { Step } from '@/lib/model'

export function ExecutionPage() {
  const { id = '' } = useParams()
  return <One key={id} id={id} />
}

function One({ id }: { id: string }) {
  const { feed, answer } = useExecutionFeed(id)
  const execution = useFeed(feed, (state) => state.execution)
  const steps = useFeed(feed, (state) => state.steps)
  if (execution) return <Loaded feed={feed} execution={execution} steps={steps} />
  if (answer.isError)
    return (
      <Page title="Execution">
        <ErrorState
          what="This execution could not be loaded."
          error={answer.error}
          onRetry={() => void answer.refetch()}
        />
      </Page>
    )
  return <SkeletonRows />
}

export type Part = 'steps' | 'hosts' | 'output'

interface Props {
  feed: ExecutionFeed
  execution: ExecutionFacts
  steps: Step[]
}

function useFocus(feed: ExecutionFeed, steps: Step[]) {
  const [search, setSearch] = useSearchParams()
  const picked = steps.find((step) => step.id === search.get('step'))
  const step = picked ?? currentStep(steps)
  useEffect(() => feed.watchStep(step?.id), [feed, step?.id])
  const change = (changes: Record<string, string | undefined>) =>
    setSearch(
      (old) => {
        const next = new URLSearchParams(old)
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined) next.delete(name)
          else next.set(name, value)
        }
        return next
      },
      { replace: 'stream' in changes },
    )
  const host = search.get('host') ?? undefined
  const stream = search.get('stream')
  return {
    step,
    picked: picked !== undefined,
    host,
    stream: stream === 'stdout' || stream === 'stderr' ? stream : undefined,
    change,
  } as const
}

function Loaded({ feed, execution, steps }: Props) {
  const focus = useFocus(feed, steps)
  const [part, setPart] = useState<Part>('output')
  usePageTitle(`${statusWord(execution.status)}: ${execution.title}`)
  const pick = (id: string | undefined) => focus.change({ step: id, host: undefined })
  const beside = (by: number) => {
    const at = steps.findIndex((step) => step.id === focus.step?.id)
    const next = steps[at + by]
    if (next) pick(next.id)
  }
  useHotkeys({ '[': () => beside(-1), ']': () => beside(1) })
  const number = steps.findIndex((step) => step.id === focus.step?.id) + 1
  return (
    <div className="flex min-h-full flex-col md:h-full md:min-h-140">
      <BreadcrumbEnd title={execution.title} detail={shortId(execution.id)} />
      <RunHeader execution={execution} steps={steps} />
      <Parts part={part} onPart={setPart} />
      <div className="flex min-h-0 flex-1 flex-col xl:flex-row">
        <aside
          aria-label="Steps of the run"
          className={cx(
            'shrink-0 border-line xl:w-80 xl:overflow-y-auto xl:border-r md:max-xl:border-b',
            part !== 'steps' && 'max-md:hidden',
          )}
        >
          <StepTimeline execution={execution} steps={steps} selected={focus.step?.id} onSelect={pick} />
          {focus.picked && (
            <button
              type="button"
              onClick={() => pick(undefined)}
              className={cx(
                'mx-2 mb-2 h-7 rounded-full border',
                'border-line2 px-3 font-medium hover:bg-raised max-md:h-11',
              )}
            >
              Follow the run
            </button>
          )}
        </aside>
        {focus.step && (
          <StepPane
            feed={feed}
            execution={execution}
            step={focus.step}
            steps={steps}
            number={number}
            host={focus.host}
            stream={focus.stream}
            part={part}
            onHost={(host) => focus.change({ host, step: focus.step?.id })}
            onStream={(stream) => focus.change({ stream })}
          />
        )}
      </div>
    </div>
  )
}

const kParts: [Part, string][] = [
  ['steps', 'Steps'],
  ['hosts', 'Hosts'],
  ['output', 'Output'],
]

// On a phone one part at a time.
function Parts({ part, onPart }: { part: Part; onPart: (part: Part) => void }) {
  return (
    <div
      role="group"
      aria-label="Part of the page"
      className="flex border-b border-line bg-surface md:hidden"
    >
      {kParts.map(([each, name]) => (
        <button
          key={each}
          type="button"
          aria-pressed={part === each}
          onClick={() => onPart(each)}
          className={cx(
            'h-11 flex-1 border-b-2 font-medium',
            part === each ? 'border-accent text-accent' : 'border-transparent text-mute',
          )}
        >
          {name}
        </button>
      ))}
    </div>
  )
}

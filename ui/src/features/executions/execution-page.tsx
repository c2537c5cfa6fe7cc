// One execution, live: steps, hosts and output. The address holds step, host and stream; every pane follows
// it.
import { FileX, Radio } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Link, useParams } from 'react-router'

import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { buttonClass } from '@/components/button'
import { cx } from '@/components/class-names'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { Page, usePageTitle } from '@/components/page'
import { SplitHandle } from '@/components/split-pane'
import { statusWord } from '@/components/status'
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import { type ExecutionFacts } from '@/features/executions/live-execution'
import { RunHeader } from '@/features/executions/run-header'
import { type Part, StepPane } from '@/features/executions/step-pane'
import { StepTimeline } from '@/features/executions/step-timeline'
import { useFocus } from '@/features/executions/use-focus'
import { useExecutionFeed, useFeed } from '@/features/executions/use-live-execution'
import { toApiError } from '@/lib/api-client'
import { shortId } from '@/lib/format'
import { useHotkeys } from '@/lib/hotkeys'
import type { Block, Step } from '@/lib/model'
import { paths } from '@/lib/paths'
import { kStepsWidthPx, usePreferences } from '@/lib/preferences'
import { useVersion } from '@/lib/use-version'

const kLeastWidthPx = 220
const kMostWidthPx = 560

export function ExecutionPage() {
  const { id = '' } = useParams()
  return <One key={id} id={id} />
}

function One({ id }: { id: string }) {
  const { feed, answer } = useExecutionFeed(id)
  const execution = useFeed(feed, (state) => state.execution)
  const steps = useFeed(feed, (state) => state.steps)
  if (execution) return <Loaded feed={feed} execution={execution} steps={steps} />
  if (!answer.isError) return <SkeletonRows />
  return (
    <Page title="Execution">
      {toApiError(answer.error).status === 404 ? (
        <EmptyState
          icon={FileX}
          action={
            <Link to={paths.executions} className={buttonClass('plain')}>
              Go to the executions
            </Link>
          }
        >
          There is no such execution. It was removed, or the address is not right.
        </EmptyState>
      ) : (
        <ErrorState
          what="This execution could not be loaded."
          error={answer.error}
          onRetry={() => void answer.refetch()}
        />
      )}
    </Page>
  )
}

interface Props {
  feed: ExecutionFeed
  execution: ExecutionFacts
  steps: Step[]
}

const kNoBlocks: Block[] = []

function Loaded({ feed, execution, steps }: Props) {
  const focus = useFocus(steps)
  const [part, setPart] = useState<Part>('output')
  const version = useVersion(execution.runbook_id, execution.version_id)
  const blocks = version.data?.blocks ?? kNoBlocks
  usePageTitle(`${statusWord(execution.status)}: ${execution.title}`)
  const go = (to: Part, selector: string) => () => {
    setPart(to)
    // On a phone the part is shown with the next drawing only.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`#main ${selector}`)?.focus())
  }
  useHotkeys({
    '[': () => focus.beside(-1),
    ']': () => focus.beside(1),
    '1': go('steps', '[aria-current="step"]'),
    '2': go('hosts', ':is([role="gridcell"][tabindex="0"], table[aria-label="Hosts"] tbody button)'),
    '3': go('output', '[role="log"]'),
  })
  return (
    <div className="flex min-h-full flex-col md:h-full md:min-h-140">
      <BreadcrumbEnd title={execution.title} detail={shortId(execution.id)} />
      <RunHeader execution={execution} steps={steps} selected={focus.step} />
      <div className="flex min-h-0 flex-1 flex-col xl:flex-row">
        <Parts part={part} onPart={setPart} />
        <Steps {...{ execution, steps, blocks, part, focus }} />
        {focus.step && (
          <StepPane
            {...{ feed, execution, steps, blocks, part }}
            step={focus.step}
            host={focus.host}
            stream={focus.stream}
            onHost={focus.onHost}
            onStream={focus.onStream}
          />
        )}
      </div>
    </div>
  )
}

interface StepsProps {
  execution: ExecutionFacts
  steps: Step[]
  blocks: Block[]
  part: Part
  focus: ReturnType<typeof useFocus>
}

function Steps({ execution, steps, blocks, part, focus }: StepsProps) {
  const kept = usePreferences((preferences) => preferences.stepsWidthPx)
  const set = usePreferences((preferences) => preferences.set)
  const [dragged, setDragged] = useState<number>()
  const aside = useRef<HTMLElement>(null)
  const width = dragged ?? kept
  useEffect(() => aside.current?.style.setProperty('--steps-width', `${width}px`), [width])
  return (
    <>
      <aside
        ref={aside}
        aria-label="Steps of the run"
        className={cx(
          'relative shrink-0 border-line max-md:order-3 xl:w-(--steps-width) xl:overflow-y-auto',
          'md:max-xl:border-b',
          part !== 'steps' && 'max-md:hidden',
        )}
      >
        <StepTimeline {...{ execution, steps, blocks }} selected={focus.step?.id} onSelect={focus.pick} />
        {focus.picked && (
          <button
            type="button"
            onClick={() => focus.pick(undefined)}
            className={cx(
              'sticky bottom-2 mx-2 mb-2 inline-flex h-7 items-center gap-2 rounded-full border border-line2',
              'bg-surface px-3 font-medium shadow-float hover:bg-raised max-md:h-11',
            )}
          >
            <Radio aria-hidden size={14} className="text-running" />
            Follow run
          </button>
        )}
      </aside>
      <SplitHandle
        label="Width of the steps"
        width={width}
        least={kLeastWidthPx}
        most={kMostWidthPx}
        initial={kStepsWidthPx}
        onDrag={setDragged}
        onWidth={(stepsWidthPx) => set({ stepsWidthPx })}
        className="max-xl:hidden"
      />
    </>
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
      className="order-2 flex border-b border-line bg-surface md:hidden"
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

// The right side: what waits for a person on top, whichever step it is, then what there is to see of the
// selected step.
import { ArrowUp, Hand } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { CommandStep } from '@/features/executions/command-step'
import { ControllerStep } from '@/features/executions/controller-step'
import type { ExecutionFeed } from '@/features/executions/execution-feed'
import { type ExecutionFacts } from '@/features/executions/live-execution'
import { ManualStep } from '@/features/executions/manual-step'
import { StepControls } from '@/features/executions/step-controls'
import { stepNumber } from '@/features/executions/step-facts'
import type { Block, Step, StreamName } from '@/lib/model'
import { ApprovalCard } from '@/modules/approvals/approval-card'

export type Part = 'steps' | 'hosts' | 'output'

interface Props {
  feed: ExecutionFeed
  execution: ExecutionFacts
  step: Step
  steps: Step[]
  blocks: Block[]
  host: string | undefined
  stream: StreamName | undefined
  part: Part
  onHost: (agent: string | undefined) => void
  onStream: (stream: StreamName | undefined) => void
}

export function waitingStep(steps: readonly Step[]): Step | undefined {
  return steps.find((step) => step.status === 'awaiting_approval' || step.status === 'awaiting_input')
}

export function StepPane(props: Props) {
  const { execution, step, steps, blocks, part } = props
  const card = useRef<HTMLDivElement>(null)
  const waiting = waitingStep(steps)
  const hidden = useHidden(card, waiting?.id)
  const block = blocks.find((each) => each.id === step.block_id)
  const manual = step.type === 'instruction'
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-3 overflow-y-auto p-3 max-md:contents">
      {waiting && hidden && <StickyBar step={waiting} card={card} />}
      {waiting && (
        <div ref={card} className="max-md:order-1 max-md:px-3 max-md:pt-3">
          {waiting.type === 'instruction' ? (
            <ManualStep
              key={waiting.id}
              execution={execution}
              step={waiting}
              block={blocks.find((each) => each.id === waiting.block_id)}
            />
          ) : (
            <ApprovalCard execution={execution} step={waiting} steps={steps} number={stepNumber(waiting)} />
          )}
        </div>
      )}
      <div
        className={cx(
          'flex min-h-0 flex-1 flex-col gap-3 max-md:order-4 max-md:p-3',
          part === 'steps' && 'max-md:hidden',
          waiting && 'max-md:pb-24',
        )}
      >
        {manual && step.id !== waiting?.id && <ManualStep execution={execution} step={step} block={block} />}
        {step.type === 'command' && <CommandStep key={step.id} {...props} block={block} />}
        {!manual && step.type !== 'command' && (
          <ControllerStep key={step.id} execution={execution} step={step} steps={steps} block={block} />
        )}
        {step.id !== waiting?.id && (
          <StepControls key={`controls-${step.id}`} execution={execution} step={step} steps={steps} />
        )}
      </div>
    </div>
  )
}

// Whether the card is scrolled out of sight.
function useHidden(card: RefObject<HTMLElement | null>, waiting: string | undefined): boolean {
  const [hidden, setHidden] = useState(false)
  useEffect(() => {
    const element = card.current
    if (!element) return
    const watch = new IntersectionObserver((seen) => setHidden(seen.at(-1)?.isIntersecting === false))
    watch.observe(element)
    return () => watch.disconnect()
  }, [card, waiting])
  return hidden && waiting !== undefined
}

function StickyBar({ step, card }: { step: Step; card: RefObject<HTMLElement | null> }) {
  const show = () => {
    card.current?.scrollIntoView({ block: 'start' })
    card.current?.querySelector<HTMLElement>('button, textarea')?.focus({ preventScroll: true })
  }
  return (
    <div
      className={cx(
        'sticky top-0 z-20 flex items-center gap-3 rounded-lg border border-waiting bg-surface px-3 py-1.5',
        'shadow-float max-md:order-first max-md:m-2',
      )}
    >
      <Hand aria-hidden size={15} className="shrink-0 text-waiting" />
      <span className="min-w-0 flex-1 truncate font-semibold">
        Step {stepNumber(step)} waits for {step.type === 'instruction' ? 'confirmation' : 'approval'}:{' '}
        {step.name}
      </span>
      <Button icon={<ArrowUp aria-hidden size={14} />} onClick={show}>
        Show
      </Button>
    </div>
  )
}

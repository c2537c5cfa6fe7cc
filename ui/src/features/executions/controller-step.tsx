// A step the controller carries out itself: a request, a condition or a timer.
import { AnswerBody, Headers, Tries } from '@/features/executions/api-answer'
import { StatusText } from '@/components/status'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { branchText, lengthText, stepFact, stepNumber } from '@/features/executions/step-facts'
import { type Block, type Step, isApi, isCondition, isTimer } from '@/lib/model'
import { duration, exactTime } from '@/lib/time'
import { useNow } from '@/lib/use-now'

interface Props {
  execution: ExecutionFacts
  step: Step
  steps: Step[]
  block: Block | undefined
}

export function ControllerStep({ execution, step, steps, block }: Props) {
  const fact = stepFact(step, { execution, steps, block, now: 0 })
  const result = step.type === 'timer' && step.status === 'running' ? '' : fact
  return (
    <section
      aria-label={`Step ${stepNumber(step)}: ${step.name}`}
      className="flex min-h-0 flex-col gap-3 rounded-lg border border-line bg-surface p-3"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-semibold">{step.name}</h2>
        <StatusText status={step.status} />
        {result && <span className="text-mute">{result}</span>}
      </div>
      {block?.when && <Expression label="Runs when" text={block.when} />}
      {block && isCondition(block) && <Condition step={step} steps={steps} block={block} />}
      {block && isTimer(block) && <Timer step={step} block={block} />}
      {block && isApi(block) && (
        <Expression label="Request" text={`${block.config.method ?? 'GET'} ${block.config.url}`} />
      )}
      {step.type === 'api' && (
        <>
          {step.reason && step.http_status !== null && <p className="text-mute">{step.reason}</p>}
          <Tries tries={step.tries} />
          <Headers status={step.http_status} headers={step.headers} />
          <AnswerBody execution={execution.id} step={step} />
        </>
      )}
    </section>
  )
}

function Expression({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <h3 className="text-small text-mute">{label}</h3>
      <code className="font-mono text-[12px]/[18px] break-all whitespace-pre-wrap">{text}</code>
    </div>
  )
}

type Of<T extends Block['config']> = Block & { config: T }

function Condition({ step, steps, block }: { step: Step; steps: Step[]; block: Of<ConditionOf> }) {
  const ways = [
    [true, 'True', block.config.then],
    [false, 'False', block.config.else],
  ] as const
  return (
    <>
      <Expression label="Expression" text={block.config.expression} />
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
        {ways.map(([value, word, branch]) => (
          <div key={word} className={step.value === value ? 'contents font-semibold' : 'contents text-mute'}>
            <dt>{word}</dt>
            <dd>
              {branchText(branch, steps)}
              {step.value === value && ' (this way)'}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

type ConditionOf = Extract<Block['config'], { expression: string }>

function Timer({
  step,
  block,
}: {
  step: Step
  block: Block & { config: { seconds?: number; until?: string | null } }
}) {
  const now = useNow()
  const { seconds, until } = block.config
  return (
    <>
      {seconds !== undefined && <p>Waits {lengthText(seconds)}.</p>}
      {until && (
        <p>
          Waits until <time dateTime={until}>{exactTime(until)}</time>.
        </p>
      )}
      {step.status === 'running' && step.due && (
        <p className="tabular text-title font-semibold">
          <time dateTime={step.due} title={exactTime(step.due)}>
            {duration(Date.parse(step.due) - now)} left
          </time>
        </p>
      )}
    </>
  )
}

// A step the controller carries out itself: a request, a condition or a timer.
import { Download } from 'lucide-react'

import { StatusText } from '@/components/status'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { bytes } from '@/lib/format'
import type { Step } from '@/lib/model'
import { outputPath } from '@/lib/paths'
import { exactTime } from '@/lib/time'

interface Props {
  execution: ExecutionFacts
  step: Step
  number: number
}

export function ControllerStep({ execution, step, number }: Props) {
  return (
    <section
      aria-label={`Step ${number}: ${step.name}`}
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-3"
    >
      <h2 className="font-semibold">{step.name}</h2>
      <StatusText status={step.status}>{step.reason ?? undefined}</StatusText>
      {step.due && (
        <p>
          Over at <time dateTime={step.due}>{exactTime(step.due)}</time>
        </p>
      )}
      {step.http_status !== null && <p>Answered with HTTP status {step.http_status}.</p>}
      {step.tries.length > 0 && (
        <ol aria-label="Tries" className="flex flex-col gap-1">
          {step.tries.map((each) => (
            <li key={each.at}>
              <time dateTime={each.at}>{exactTime(each.at)}</time>:{' '}
              {each.error || (each.http_status === null ? 'under way' : `status ${each.http_status}`)}
            </li>
          ))}
        </ol>
      )}
      {step.output_bytes > 0 && (
        <a href={outputPath(execution.id, step.id)} className="inline-flex items-center gap-2">
          <Download aria-hidden size={14} /> The answer, {bytes(step.output_bytes)}
        </a>
      )}
    </section>
  )
}

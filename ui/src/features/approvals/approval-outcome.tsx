// A request that no longer waits: what was decided, by whom, and what happens next.
import { ArrowRight, CircleCheck } from 'lucide-react'
import { Link } from 'react-router'

import { buttonClass } from '@/components/button'
import { cx } from '@/components/class-names'
import { StatusIcon, statusLook } from '@/components/status'
import { ApprovalHeading } from '@/features/approvals/approval-heading'
import { type Answer, outcomeOf } from '@/features/approvals/approval-words'
import type { Execution, Step } from '@/lib/model'
import { paths } from '@/lib/paths'
import { ago } from '@/lib/time'
import { useNow } from '@/lib/use-now'
import { CommandBox } from '@/modules/approvals/approval-command'

interface Props {
  execution: Execution
  step: Step
  answered: Answer | undefined
}

const kThanks: Record<Answer, string> = {
  approve: 'Your approval was the last one needed. ',
  reject: 'Your rejection is kept. ',
  skip: '',
}

export function ApprovalOutcome({ execution, step, answered }: Props) {
  const now = useNow()
  const { status, headline, next } = outcomeOf(step, execution)
  const { approval } = step
  const text = approval?.commands[0]?.command
  return (
    <div className="flex flex-col gap-4 px-4 py-3">
      <ApprovalHeading execution={execution} step={step} />
      <section role="status" className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-3">
        <p className={cx('flex items-center gap-2 font-semibold', statusLook(status).colour)}>
          <StatusIcon status={status} />
          {headline}
        </p>
        <p>
          {answered && kThanks[answered]}
          {next}
        </p>
        {approval?.given.map((each) => (
          <p key={each.by + each.at} className="flex items-start gap-2 text-mute">
            <CircleCheck aria-hidden size={16} className="mt-0.5 shrink-0 text-success" />
            <span>
              {each.by_name} approved {ago(each.at, now)}
              {each.note && `: ${each.note}`}
            </span>
          </p>
        ))}
        <Link
          to={`${paths.execution(execution.id)}?step=${step.id}`}
          className={cx(buttonClass('primary'), 'h-12! md:self-start')}
        >
          Follow the execution
          <ArrowRight aria-hidden size={16} />
        </Link>
      </section>
      {text !== undefined && <CommandBox text={text} name="Command that was asked for" />}
    </div>
  )
}

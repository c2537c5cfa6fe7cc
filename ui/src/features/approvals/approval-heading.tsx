import { Link } from 'react-router'

import { counted } from '@/lib/format'
import type { Execution, Step } from '@/lib/model'
import { paths } from '@/lib/paths'
import { approvalHosts } from '@/modules/approvals/approval-facts'

// What is asked: the step and on how many hosts, of which runbook.
export function ApprovalHeading({ execution, step }: { execution: Execution; step: Step }) {
  return (
    <div>
      <h1 className="text-[20px]/[26px] font-semibold break-words">
        {step.name} on {counted(approvalHosts(step), 'host')}
      </h1>
      <p className="mt-1 text-mute">
        Step {step.order + 1} of{' '}
        <Link to={paths.execution(execution.id)} className="rounded-sm underline hover:text-fg">
          {execution.title}
        </Link>
        , v{execution.version_number}
        {step.attempt > 1 && `, attempt ${step.attempt}`}
      </p>
    </div>
  )
}

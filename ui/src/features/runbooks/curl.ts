// The request a program would send to run a runbook; the key stays a variable.
import { needsTargets } from '@/features/runbooks/use-run-hosts'
import { curlText } from '@/lib/curl'
import type { Runbook } from '@/lib/model'

export function curlOf(runbook: Runbook, origin = window.location.origin): string {
  const parameters = Object.fromEntries(
    runbook.parameters
      .filter((parameter) => parameter.required || parameter.default != null)
      .map((parameter) => [parameter.name, parameter.default ?? '']),
  )
  return curlText('POST', `${origin}/runbooks/${runbook.id}/execute`, {
    parameters,
    ...(needsTargets(runbook) && { targets: { selector: '' } }),
    approval: 'each',
  })
}

// The request a program would send to run a runbook; the key stays a variable.
import { needsTargets } from '@/features/runbooks/use-run-hosts'
import type { Runbook } from '@/lib/model'

export function curlOf(runbook: Runbook, origin = window.location.origin): string {
  const parameters = Object.fromEntries(
    runbook.parameters
      .filter((parameter) => parameter.required || parameter.default != null)
      .map((parameter) => [parameter.name, parameter.default ?? '']),
  )
  const body = JSON.stringify({
    parameters,
    ...(needsTargets(runbook) && { targets: { selector: '' } }),
    approval: 'each',
  })
  return [
    `curl -sS -X POST '${origin}/runbooks/${runbook.id}/execute'`,
    `  -H "X-API-KEY: $RUNBOOK_API_KEY" -H 'Content-Type: application/json'`,
    `  -d '${body.replaceAll("'", String.raw`'\''`)}'`,
  ].join(' \\\n')
}

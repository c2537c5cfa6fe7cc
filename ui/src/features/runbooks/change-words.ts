// What changed between two versions in words. Pure.
import { type RunbookDiff, countChanges } from '@/features/runbooks/runbook-diff'
import { count } from '@/lib/format'

// "2 added, 1 changed, 1 moved", or nothing when the versions are equal.
export function changeWords(diff: RunbookDiff): string {
  const counts = countChanges(diff)
  return (['added', 'removed', 'changed', 'moved'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${count(counts[kind])} ${kind}`)
    .join(', ')
}

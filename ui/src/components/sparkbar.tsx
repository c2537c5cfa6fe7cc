// The last runs as small bars, oldest first: height and colour by result, and one sentence for those who do
// not see it.
import { cx } from '@/components/class-names'
import { isProblem, statusLook, statusWord } from '@/components/status'

const kBars = 14

interface Props {
  runs: { id: string; status: string }[] // newest first
}

export function Sparkbar({ runs }: Props) {
  const shown = runs.slice(0, kBars).reverse()
  const empty = Array.from({ length: kBars - shown.length }, (_, index) => index)
  const sentence = sparkSentence(shown.map((run) => run.status))
  return (
    <span role="img" aria-label={sentence} title={sentence} className="inline-flex h-5 items-end gap-0.5">
      {empty.map((index) => (
        <span key={index} className="h-0.5 w-1 rounded-sm bg-line" />
      ))}
      {shown.map((run) => (
        <span
          key={run.id}
          className={cx('w-1 rounded-sm', barHeight(run.status), statusLook(run.status).bar)}
        />
      ))}
    </span>
  )
}

// Failures stand out by height, not by colour alone.
function barHeight(status: string): string {
  if (isProblem(status)) return 'h-5'
  return status === 'completed' || status === 'success' ? 'h-3' : 'h-2'
}

// "Last 3 runs: 2 completed, 1 failed"
export function sparkSentence(statuses: string[]): string {
  if (statuses.length === 0) return 'Never run'
  const counts = new Map<string, number>()
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1)
  const parts = [...counts].map(([status, times]) => `${times} ${statusWord(status).toLowerCase()}`)
  return `Last ${statuses.length === 1 ? 'run' : `${statuses.length} runs`}: ${parts.join(', ')}`
}

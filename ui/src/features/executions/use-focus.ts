// What the page looks at: step, host and stream, all in the address. Without a step it follows the run.
import { useSearchParams } from 'react-router'

import { currentStep } from '@/features/executions/live-execution'
import type { Step, StreamName } from '@/lib/model'

export function useFocus(steps: Step[]) {
  const [search, setSearch] = useSearchParams()
  const picked = steps.find((step) => step.id === search.get('step'))
  const step = picked ?? currentStep(steps)
  const change = (changes: Record<string, string | undefined>) =>
    setSearch(
      (old) => {
        const next = new URLSearchParams(old)
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined) next.delete(name)
          else next.set(name, value)
        }
        return next
      },
      { replace: 'stream' in changes },
    )
  const pick = (id: string | undefined) => change({ step: id, host: undefined })
  const beside = (by: number) => {
    const next = steps[steps.findIndex((each) => each.id === step?.id) + by]
    if (next) pick(next.id)
  }
  const stream = search.get('stream')
  return {
    step,
    picked: picked !== undefined,
    host: search.get('host') ?? undefined,
    stream: (stream === 'stdout' || stream === 'stderr' ? stream : undefined) as StreamName | undefined,
    pick,
    beside,
    onHost: (host: string | undefined) => change({ host, step: step?.id }),
    onStream: (next: StreamName | undefined) => change({ stream: next }),
  }
}

// Stopping is asked for, named in the button, and waits for the server's word.
import { Square } from 'lucide-react'

import { Button } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { ErrorState } from '@/components/notice'
import { useControl } from '@/features/executions/api'
import type { ExecutionFacts } from '@/features/executions/live-execution'
import { counted } from '@/lib/format'
import type { Step } from '@/lib/model'

interface Props {
  open: boolean
  execution: ExecutionFacts
  steps: Step[]
  onClose: () => void
}

const kOpen = ['queued', 'dispatched', 'running', 'unreachable']

export function openHosts(steps: Step[]): number {
  return steps
    .filter((step) => step.status === 'running')
    .flatMap((step) => kOpen.map((state) => step.host_counts[state] ?? 0))
    .reduce((sum, hosts) => sum + hosts, 0)
}

export function StopDialog({ open, execution, steps, onClose }: Props) {
  const stop = useControl(execution.id)
  const hosts = openHosts(steps)
  const effect = hosts > 0 ? `Stop on ${counted(hosts, 'host')}` : 'Stop the execution'
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Stop “${execution.title}”?`}
      footer={
        <>
          <Button onClick={onClose}>Keep it running</Button>
          <Button
            kind="danger"
            icon={<Square aria-hidden size={14} />}
            disabled={stop.isPending}
            onClick={() => stop.mutate('stop', { onSuccess: onClose })}
          >
            {stop.isPending ? 'Stopping…' : effect}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p>
          Running commands and everything they started are asked to end, and are killed when their grace
          period is over. Steps that have not begun do not run. The execution counts as stopped when every
          host has confirmed.
        </p>
        {stop.isError && <ErrorState what="The stop was not accepted." error={stop.error} />}
      </div>
    </Dialog>
  )
}

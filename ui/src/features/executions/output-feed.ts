// The output of the one step that is looked at, out of the execution's live connection.
import type { ExecutionSubscription, StreamEvent } from '@/lib/live-events'
import type { OutputFrame } from '@/lib/live-frames'
import type { LiveFollowing, LiveOutput, LiveTap } from '@/modules/console/output-source'

// The server takes messages up to 512 KiB with 4,096 entries. Streams that do not fit are sent again from
// their start and passed over.
const kMaxFromEntries = 4096
const kEndSoonMs = 1000

export class OutputFeed implements LiveOutput {
  private step: string | undefined
  private tap: LiveTap | undefined
  private waiting = false // for the newest subscription to begin: what comes before is of an older one

  constructor(private readonly renew: () => void) {}

  follow = (step: string, tap: LiveTap): LiveFollowing => {
    this.step = step
    this.tap = tap
    this.renew()
    return {
      askAgain: () => {
        if (this.tap === tap && !this.waiting) this.renew()
      },
      stop: () => this.stop(tap),
    }
  }

  // What to ask for besides the state.
  wanted(): Pick<ExecutionSubscription, 'output' | 'step' | 'host' | 'from'> {
    this.waiting = true
    const { step, tap } = this
    if (step === undefined || tap === undefined) return { output: false, from: {} }
    const most = [...tap.from()].sort(([, a], [, b]) => b - a).slice(0, kMaxFromEntries)
    const from = Object.fromEntries(most.map(([stream, end]) => [`${step}/${stream}`, end]))
    return { output: true, step, from, ...(tap.agent && { host: tap.agent }) }
  }

  snapshotCame(): void {
    this.waiting = false
  }

  received(stream: StreamEvent, frame: OutputFrame): void {
    if (this.waiting || stream.step_id !== this.step) return
    this.tap?.onFrame({ agent: stream.agent_id, host: stream.host }, frame)
  }

  // Another view of the output usually follows at once, and asks for what it needs.
  private stop(tap: LiveTap): void {
    if (this.tap !== tap) return
    this.tap = undefined
    setTimeout(() => {
      if (this.tap === undefined) this.renew()
    }, kEndSoonMs)
  }
}

// Which hosts of a step are shown, and in which order: looked at again when hosts change, a few times a
// second. The cells themselves watch their own host.
import { useMemo, useSyncExternalStore } from 'react'

import type { ExecutionFeed } from '@/features/executions/execution-feed'
import type { Hosts } from '@/features/executions/live-execution'
import type { StepHost } from '@/lib/model'

const kLookMs = 250

export type Arrange = (hosts: StepHost[]) => StepHost[]

const kNone: Hosts = {}

class HostOrder {
  private seen: Hosts = kNone
  private order: string[] = []
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly feed: ExecutionFeed,
    private readonly step: string,
    private readonly arrange: Arrange,
  ) {
    this.look()
  }

  snapshot = (): string[] => this.order

  listen = (listener: () => void): (() => void) => {
    const off = this.feed.listen(() => {
      if (this.hosts() === this.seen) return
      this.timer ??= setTimeout(() => {
        this.timer = undefined
        if (this.look()) listener()
      }, kLookMs)
    })
    if (this.look()) listener()
    return () => {
      off()
      clearTimeout(this.timer)
      this.timer = undefined
    }
  }

  private hosts(): Hosts {
    return this.feed.state().hosts[this.step] ?? kNone
  }

  private look(): boolean {
    if (this.seen === this.hosts()) return false
    this.seen = this.hosts()
    const next = this.arrange(Object.values(this.seen)).map((host) => host.agent_id)
    const same = next.length === this.order.length && next.every((agent, at) => agent === this.order[at])
    if (!same) this.order = next
    return !same
  }
}

// `arrange` must be the same function as long as it does the same.
export function useHostOrder(feed: ExecutionFeed, step: string, arrange: Arrange): string[] {
  const order = useMemo(() => new HostOrder(feed, step, arrange), [feed, step, arrange])
  return useSyncExternalStore(order.listen, order.snapshot)
}

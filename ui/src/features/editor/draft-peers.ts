// The other tabs of one person with the same runbook. The controller keeps one draft for all of them: when
// one tab saves or discards, it takes away what the others believe to be kept.

export interface DraftPeers {
  tellGone: () => void
  onGone: (listener: () => void) => () => void // returns the end of listening
}

const kGone = 'draft gone'

export function browserPeers(person: string, runbook: string): DraftPeers | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined
  const name = `runbook-draft:${person}:${runbook}`
  // A channel does not hear itself, but a second one in this tab would.
  let open: BroadcastChannel | undefined
  return {
    tellGone: () => {
      const channel = open ?? new BroadcastChannel(name)
      channel.postMessage(kGone)
      if (channel !== open) channel.close()
    },
    onGone: (listener) => {
      const channel = new BroadcastChannel(name)
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (data === kGone) listener()
      }
      open = channel
      return () => {
        channel.close()
        if (open === channel) open = undefined
      }
    },
  }
}

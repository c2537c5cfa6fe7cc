// Where a console gets its output from, and the names it gives to what it reads.
import type { OutputFrame } from '@/lib/live-frames'
import type { StreamName } from '@/lib/model'

// What of a step's output is looked at; nothing means all.
export interface OutputView {
  agent: string | undefined
  stream: StreamName | undefined
}

export interface StreamEnd {
  agent_id: string | null
  host: string | null
  stream: StreamName
  bytes: number
  lines: number
  ends_line: boolean
}

export interface OutputIndex {
  bytes: number
  lines: number
  end: number
  streams: StreamEnd[]
  segments: { position: number; lines: number }[]
}

export interface Match {
  agent_id: string | null
  host: string | null
  stream: StreamName
  line: number
  position: number
}

export interface Matches {
  total: number
  lines: Match[]
  next_cursor: string | null
}

export interface SearchFor {
  view: OutputView
  q: string
  regex: boolean
  until: number
  cursor: string | undefined
  limit: number
}

// An address of `end` in `streams` says where what comes live begins.
export interface LiveTap {
  agent: string | undefined // only this host's
  from: () => Map<string, number> // by "agent/stream": the byte to go on with
  onFrame: (origin: { agent: string; host: string }, frame: OutputFrame) => void
}

export interface LiveFollowing {
  askAgain: () => void // something is missing
  stop: () => void
}

// The live part, of the connection that also brings the state.
export interface LiveOutput {
  follow: (step: string, tap: LiveTap) => LiveFollowing
}

export interface OutputSource {
  index: (view: OutputView, signal: AbortSignal) => Promise<OutputIndex>
  // Records (see docs/live-protocol.md) of the pieces that begin in [from, to).
  frames: (view: OutputView, from: number, to: number, signal: AbortSignal) => Promise<ArrayBuffer>
  // Raw bytes of one stream.
  bytes: (source: StreamId, offset: number, limit: number, signal: AbortSignal) => Promise<ArrayBuffer>
  search: (search: SearchFor, signal: AbortSignal) => Promise<Matches>
  follow: (tap: LiveTap) => LiveFollowing
}

// One stream of one host. `agent` and `host` are empty for the answer of an API step.
export interface StreamId {
  key: string // "agent/stream"
  agent: string
  host: string
  stream: StreamName
}

export function streamKey(agent: string | null, stream: StreamName): string {
  return `${agent ?? ''}/${stream}`
}

// One object for each stream, so that they can be compared and used as keys.
export class Streams {
  private readonly known = new Map<string, StreamId>()

  of(agent: string | null, host: string | null, stream: StreamName): StreamId {
    const key = streamKey(agent, stream)
    const known = this.known.get(key)
    if (known) return known
    const made = { key, agent: agent ?? '', host: host ?? '', stream }
    this.known.set(key, made)
    return made
  }
}

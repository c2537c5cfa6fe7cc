// Sends the draft to the controller a second after an edit, one request at a time. What cannot be sent is
// kept in this browser and sent again later. A new runbook has no address yet: its draft lives in this
// browser only.
import type { DraftPeers } from '@/features/editor/draft-peers'
import type { Clock } from '@/features/editor/editor-store'

export interface Draft {
  base: number
  yaml: string
}

export interface LocalDraft extends Draft {
  at: string
  after: string | null // when the controller's draft, which this one follows, was kept
}

export interface DraftServer {
  put: (draft: Draft) => Promise<string> // gives when it was kept
  remove: () => Promise<void>
}

export interface LocalDrafts {
  read: () => LocalDraft | undefined
  write: (draft: LocalDraft) => boolean
  remove: () => void
}

export type DraftState =
  | { kind: 'none' }
  | { kind: 'unsent' } // an edit waits for its second, or is on its way
  | { kind: 'kept'; at: string }
  | { kind: 'local'; at: string; why: string } // in this browser
  | { kind: 'unkept'; why: string } // nowhere: this browser refused as well

export interface KnownDraft {
  keptAt: string | null // the controller's
  state: DraftState
  draft?: Draft // of which `state` speaks
}

const kPauseMs = 1000
const kRetryMs = 10_000

export class DraftKeeper {
  private state: DraftState
  private listeners = new Set<() => void>()
  private waiting: Draft | undefined
  private sending: Promise<void> | undefined
  private cancel: (() => void) | undefined
  private after: string | null
  private last: Draft | undefined // the newest, wherever it is

  constructor(
    private server: DraftServer | undefined,
    private local: LocalDrafts,
    private clock: Clock,
    known: KnownDraft,
    private peers?: DraftPeers,
  ) {
    this.after = known.keptAt
    this.state = known.state
    this.last = known.draft
    if (server && known.state.kind === 'local') this.waiting = known.draft
  }

  // What was found in this browser only is sent at once. Returns the end of listening to other tabs.
  start(): () => void {
    if (this.waiting) void this.flush()
    return this.peers?.onGone(() => this.sendAgain()) ?? (() => undefined)
  }

  get = (): DraftState => this.state

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  changed(draft: Draft): void {
    this.waiting = draft
    this.last = draft
    this.show({ kind: 'unsent' })
    this.schedule(kPauseMs)
  }

  // Nothing is lost when the page goes away now.
  isSafe(): boolean {
    const { kind } = this.state
    return kind === 'none' || kind === 'kept' || (kind === 'local' && this.server === undefined)
  }

  // Sends at once. True when the controller has everything.
  async flush(): Promise<boolean> {
    this.cancel?.()
    this.cancel = undefined
    while (this.sending) await this.sending
    if (this.waiting) {
      this.sending = this.send(this.waiting).finally(() => {
        this.sending = undefined
      })
      await this.sending
    }
    return this.isSafe()
  }

  // The page goes away: what is not sent stays in this browser.
  stash = (): void => {
    if (this.waiting) this.keepHere(this.waiting, 'It could not be sent before the page was closed.')
  }

  // Saved as a version, or discarded.
  async clear(): Promise<void> {
    this.cancel?.()
    this.cancel = undefined
    this.waiting = undefined
    while (this.sending) await this.sending
    this.waiting = undefined
    this.last = undefined
    this.local.remove()
    this.after = null
    this.show({ kind: 'none' })
    await this.server?.remove()
    this.tellGone()
  }

  // The controller's draft went, by a saved version or on demand: other tabs have theirs to send again.
  tellGone(): void {
    this.peers?.tellGone()
  }

  stop(): void {
    this.stash()
    this.cancel?.()
    this.cancel = undefined
  }

  // Another object than the one on its way, if one is: that may have gone too.
  private sendAgain(): void {
    this.after = null
    if (this.last && this.state.kind !== 'none') this.changed({ ...this.last })
  }

  private schedule(milliseconds: number): void {
    this.cancel?.()
    this.cancel = this.clock.after(milliseconds, () => void this.flush())
  }

  private async send(draft: Draft): Promise<void> {
    if (!this.server) {
      if (this.keepHere(draft, 'A new runbook is kept in this browser until it is saved.'))
        this.waiting = undefined
      return
    }
    try {
      const at = await this.server.put(draft)
      this.after = at
      this.local.remove()
      if (this.waiting === draft) {
        this.waiting = undefined
        this.show({ kind: 'kept', at })
      }
    } catch (error) {
      if (this.waiting !== draft) return
      this.keepHere(draft, error instanceof Error ? error.message : 'It could not be sent.')
      this.schedule(kRetryMs)
    }
  }

  private keepHere(draft: Draft, why: string): boolean {
    const at = new Date(this.clock.now()).toISOString()
    const kept = this.local.write({ ...draft, at, after: this.after })
    if (kept) this.show({ kind: 'local', at, why })
    else if (!this.server) this.show({ kind: 'unkept', why: 'This browser could not keep it.' })
    else this.show({ kind: 'unkept', why: `${why} This browser could not keep it either.` })
    return kept
  }

  private show(state: DraftState): void {
    this.state = state
    for (const listener of this.listeners) listener()
  }
}

// -- In this browser ---------------------------------------------------------------------------------------

export function browserDrafts(person: string, runbook: string): LocalDrafts {
  const key = `runbook-draft:${person}:${runbook}`
  return {
    read: () => {
      try {
        const found: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
        return isLocalDraft(found) ? found : undefined
      } catch {
        return undefined
      }
    },
    write: (draft) => {
      try {
        localStorage.setItem(key, JSON.stringify(draft))
        return true
      } catch {
        return false
      }
    },
    remove: () => {
      try {
        localStorage.removeItem(key)
      } catch {
        // A browser that refuses to keep has nothing to remove.
      }
    },
  }
}

export function isDraftAt(value: unknown): value is Draft & { at: string } {
  if (typeof value !== 'object' || value === null) return false
  const draft = value as Record<string, unknown>
  return (
    typeof draft['base'] === 'number' && typeof draft['yaml'] === 'string' && typeof draft['at'] === 'string'
  )
}

function isLocalDraft(value: unknown): value is LocalDraft {
  if (!isDraftAt(value)) return false
  const { after } = value as Draft & { after?: unknown }
  return after === null || typeof after === 'string'
}

export interface KeptDraft extends Draft {
  at: string
  where: 'server' | 'browser'
}

// With which of the two one goes on, and the other when it says something else. One that follows the
// controller's is newer whatever the clocks say.
export function chooseDraft(
  server: KeptDraft | undefined,
  local: LocalDraft | undefined,
): { use: KeptDraft | undefined; other: KeptDraft | undefined } {
  if (!local) return { use: server, other: undefined }
  const here: KeptDraft = { base: local.base, yaml: local.yaml, at: local.at, where: 'browser' }
  if (!server || server.yaml === local.yaml) return { use: server ?? here, other: undefined }
  if (local.after === server.at) return { use: here, other: undefined }
  return Date.parse(local.at) > Date.parse(server.at)
    ? { use: here, other: server }
    : { use: server, other: here }
}

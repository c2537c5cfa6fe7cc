// Ties the store to the keeper of drafts, and asks before a page goes away that holds what nobody else has.
import { useEffect, useState, useSyncExternalStore } from 'react'

import { deleteDraft, putDraft } from '@/features/editor/api'
import { DraftKeeper, type DraftState, type KnownDraft, browserDrafts } from '@/features/editor/draft-keeper'
import { browserPeers } from '@/features/editor/draft-peers'
import { type EditorStore, browserClock } from '@/features/editor/editor-store'

const kNoVersion = 0
export const kNewRunbook = 'new'

export function makeKeeper(id: string | undefined, person: string, known: KnownDraft): DraftKeeper {
  const server = id
    ? {
        put: ({ base, yaml }: { base: number; yaml: string }) => putDraft(id, base, yaml),
        remove: () => deleteDraft(id),
      }
    : undefined
  const peers = id ? browserPeers(person, id) : undefined
  return new DraftKeeper(server, browserDrafts(person, id ?? kNewRunbook), browserClock, known, peers)
}

export function useDrafts(store: EditorStore, keeper: DraftKeeper): DraftState {
  const draft = useSyncExternalStore(keeper.subscribe, keeper.get)
  useEffect(() => {
    let before = store.get()
    return store.subscribe(() => {
      const { text, base } = store.get()
      const sameText = text === before.text
      const sameBase = base === before.base
      before = store.get()
      // A saved version is no edit: whoever saves clears the draft.
      if (sameText && sameBase) return
      if (sameText && base?.text === text) return
      keeper.changed({ base: base?.number ?? kNoVersion, yaml: store.source() })
    })
  }, [store, keeper])
  useEffect(() => keeper.start(), [keeper])
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      keeper.stash()
      if (!keeper.isSafe()) event.preventDefault()
    }
    window.addEventListener('beforeunload', leave)
    window.addEventListener('pagehide', keeper.stash)
    return () => {
      window.removeEventListener('beforeunload', leave)
      window.removeEventListener('pagehide', keeper.stash)
      void keeper.flush().then(() => keeper.stop())
    }
  }, [keeper])
  return draft
}

// Strict mode runs effects twice: the keeper must outlive the first run, so it is made once per document.
export function useOnce<T>(make: () => T): T {
  return useState(make)[0]
}

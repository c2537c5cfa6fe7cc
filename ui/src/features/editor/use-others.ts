// The drafts beside the one in use, until the person uses or discards them.
import { useState } from 'react'

import { fetchVersionByNumber } from '@/features/editor/api'
import { draftsAside } from '@/features/editor/draft-aside'
import type { DraftKeeper, KeptDraft } from '@/features/editor/draft-keeper'
import type { EditorStore } from '@/features/editor/editor-store'
import { toApiError } from '@/lib/api-client'

interface Given {
  id: string
  person: string
  store: EditorStore
  keeper: DraftKeeper
  found: KeptDraft[]
  setRestored: (draft: KeptDraft) => void
  setFault: (fault: string | undefined) => void
}

export function useOthers({ id, person, store, keeper, found, setRestored, setFault }: Given) {
  const [shown, setShown] = useState(found)
  const [busy, setBusy] = useState(false)
  const hide = (draft: KeptDraft) => setShown((now) => now.filter((one) => one !== draft))
  const drop = (draft: KeptDraft) => draftsAside(person, id).drop(draft)

  // On the version it was made on: put on a newer one it would take away what that one brought.
  const use = async (wanted: KeptDraft) => {
    setBusy(true)
    setFault(undefined)
    try {
      const text = await fetchVersionByNumber(id, wanted.base)
      if (text === undefined) {
        setFault(`Version ${wanted.base}, on which that draft stands, was not found.`)
        return
      }
      store.replace(wanted.yaml, { number: wanted.base, text })
      setRestored(wanted)
      hide(wanted)
      if (await keeper.flush()) drop(wanted)
    } catch (error) {
      setFault(`Version ${wanted.base} could not be loaded. ${toApiError(error).message}`)
    } finally {
      setBusy(false)
    }
  }
  const discard = (unwanted: KeptDraft) => {
    drop(unwanted)
    hide(unwanted)
  }
  return { shown, busy, use, discard, hide }
}

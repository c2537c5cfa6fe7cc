// With what the editor begins: the newest version, or the person's draft of it and the version that stands
// on.
import { useQuery } from '@tanstack/react-query'

import { fetchDraft, fetchVersionByNumber, fetchVersionText, runbookQuery } from '@/features/editor/api'
import { draftsAside, setAside } from '@/features/editor/draft-aside'
import { type KeptDraft, browserDrafts, chooseDraft } from '@/features/editor/draft-keeper'
import type { Base } from '@/features/editor/editor-store'
import { api } from '@/lib/api-client'
import type { Runbook } from '@/lib/model'

export interface Session {
  id: string
  runbook: Runbook
  base: Base
  source: string
  draft: KeptDraft | undefined // what `source` is, when it is no version
  others: KeptDraft[] // drafts that say something else
  mayReplace: boolean // nothing is lost when the controller's draft is written over
  serverDraftAt: string | null
}

async function begin(id: string, person: string): Promise<Session> {
  const runbook = await api.get<Runbook>(`runbooks/${id}`)
  const number = runbook.version.version_number
  const [newest, kept] = await Promise.all([fetchVersionText(id, runbook.version.id), fetchDraft(id)])
  const local = browserDrafts(person, id)
  const { use, other } = chooseDraft(kept, local.read())
  const { others, safe } = setAside(draftsAside(person, id), local, use, other)
  const draft = use && use.yaml !== newest ? use : undefined
  const older = draft && draft.base !== number ? await fetchVersionByNumber(id, draft.base) : undefined
  const base = draft && older !== undefined ? { number: draft.base, text: older } : { number, text: newest }
  return {
    id,
    runbook,
    base,
    source: draft?.yaml ?? newest,
    draft,
    others,
    mayReplace: safe,
    serverDraftAt: kept?.at ?? null,
  }
}

// Asked once for each visit: what others save meanwhile is a conflict to show, not a text to put here.
export function useSession(id: string, person: string | undefined) {
  return useQuery({
    queryKey: ['editor', id, person],
    queryFn: () => begin(id, person ?? ''),
    enabled: person !== undefined,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

export function useNewest(id: string | undefined) {
  return useQuery({
    ...runbookQuery(id ?? ''),
    enabled: id !== undefined,
    refetchInterval: kWatchMs,
    refetchOnWindowFocus: 'always',
  })
}

const kWatchMs = 15_000

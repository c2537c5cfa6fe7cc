// Drafts that say something else than the one in use: they stay in this browser, in a place that no newer
// draft is written over, until the person uses or discards them.
import { type KeptDraft, type LocalDrafts, isDraftAt } from '@/features/editor/draft-keeper'

type Text = Pick<KeptDraft, 'base' | 'yaml'>

export interface DraftsAside {
  list: () => KeptDraft[]
  put: (draft: KeptDraft) => boolean
  drop: (draft: Text) => void
}

const isSame = (one: Text, two: Text) => one.base === two.base && one.yaml === two.yaml

export function draftsAside(person: string, runbook: string): DraftsAside {
  const key = `runbook-drafts-aside:${person}:${runbook}`
  const list = (): KeptDraft[] => {
    try {
      const found: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
      if (!Array.isArray(found)) return []
      return found.filter(isDraftAt).map(({ base, yaml, at }) => ({ base, yaml, at, where: 'browser' }))
    } catch {
      return []
    }
  }
  const write = (drafts: KeptDraft[]): boolean => {
    try {
      if (drafts.length === 0) localStorage.removeItem(key)
      else localStorage.setItem(key, JSON.stringify(drafts))
      return true
    } catch {
      return false
    }
  }
  return {
    list,
    put: (draft) => write([...list().filter((one) => !isSame(one, draft)), draft]),
    drop: (draft) => void write(list().filter((one) => !isSame(one, draft))),
  }
}

// Puts the one not in use aside and gives all that are. `safe`: the draft in use may be written where the
// other one was.
export function setAside(
  aside: DraftsAside,
  local: LocalDrafts,
  used: KeptDraft | undefined,
  other: KeptDraft | undefined,
): { others: KeptDraft[]; safe: boolean } {
  const safe = other === undefined || moveAside(aside, local, other)
  const others = aside.list().filter((one) => one.yaml !== used?.yaml)
  return { others: other && !safe ? [...others, other] : others, safe }
}

function moveAside(aside: DraftsAside, local: LocalDrafts, other: KeptDraft): boolean {
  if (other.where === 'server') return aside.put(other)
  // Taken away first: a full browser has no room for both.
  const before = local.read()
  local.remove()
  if (aside.put(other)) return true
  if (before) local.write(before)
  return false
}

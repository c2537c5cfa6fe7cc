// Somebody saved another version than the one these edits stand on: what both changed.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { versionTextQuery } from '@/features/editor/api'
import type { EditorState } from '@/features/editor/editor-store'
import { splitEnds } from '@/features/editor/line-ends'
import { type ThreeWay, conflictsOf, threeWay } from '@/features/editor/three-way'
import { sideOf } from '@/features/editor/three-way-text'
import { type YamlDocument, parseYaml } from '@/features/editor/yaml-document'
import type { Runbook } from '@/lib/model'

export interface Conflict {
  runbook: Runbook // the newest
  source: string | undefined // its text, when it came
  theirs: YamlDocument | undefined
  compared: ThreeWay | undefined // nothing while a text cannot be read
  both: number // blocks and fields that both sides changed
  error: unknown
}

function read(source: string | undefined): YamlDocument | undefined {
  if (source === undefined) return undefined
  const result = parseYaml(splitEnds(source).text)
  return result.ok ? result.document : undefined
}

export function useConflict(
  id: string | undefined,
  newest: Runbook | undefined,
  state: EditorState,
): Conflict | undefined {
  const base = state.base
  const behind = newest !== undefined && base !== undefined && newest.version.version_number > base.number
  const text = useQuery({ ...versionTextQuery(id ?? '', newest?.version.id ?? ''), enabled: behind && !!id })
  const source = behind ? text.data : undefined
  const theirs = useMemo(() => read(source), [source])
  const ground = useMemo(() => read(behind ? base.text : undefined), [behind, base])
  const compared = useMemo(() => {
    if (!theirs || !ground || state.error) return undefined
    return threeWay(sideOf(ground), sideOf(state.document), sideOf(theirs))
  }, [theirs, ground, state.error, state.document])
  if (!behind) return undefined
  const both = compared ? conflictsOf(compared).length : 0
  return { runbook: newest, source, theirs, compared, both, error: text.error }
}

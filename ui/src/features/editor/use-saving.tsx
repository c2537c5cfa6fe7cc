// Saving a version, and what happens when somebody else was faster.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'

import { createRunbook, runbookQuery, saveVersion } from '@/features/editor/api'
import type { DraftKeeper } from '@/features/editor/draft-keeper'
import type { Editor } from '@/features/editor/editor-context'
import { Notice } from '@/features/editor/editor-notice'
import { joinEnds, splitEnds } from '@/features/editor/line-ends'
import { type Choice, together } from '@/features/editor/three-way'
import { mergedText } from '@/features/editor/three-way-text'
import { type Conflict, useConflict } from '@/features/editor/use-conflict'
import { useNewest } from '@/features/editor/use-session'
import { withNote } from '@/features/editor/yaml-sync'
import { ApiError, toApiError } from '@/lib/api-client'
import { paths } from '@/lib/paths'
import { whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'

type Open = 'save' | 'compare' | undefined

function whyNotSave(editor: Editor, edited: boolean, conflict: Conflict | undefined): string | undefined {
  const { state, id } = editor
  if (state.error) return `The YAML has an error on line ${state.error.line}.`
  if (id && !edited) return 'Nothing was changed.'
  if (conflict) return `Move your edits onto v${conflict.runbook.version.version_number} first.`
  return undefined
}

function mergeOnto(conflict: Conflict, choices: Record<string, Choice>): string | undefined {
  const { theirs, compared, source } = conflict
  if (!theirs || !compared || source === undefined) return undefined
  return joinEnds({ text: mergedText(theirs, together(compared, choices)), crlf: splitEnds(source).crlf })
}

interface Outcome {
  saved: (version: number) => void
  overtaken: () => void
}

function useSave(editor: Editor, keeper: DraftKeeper, { saved, overtaken }: Outcome) {
  const { id, store } = editor
  const queries = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (note: string) => {
      const source = store.source()
      const sent = joinEnds({
        text: withNote(store.get().document, note),
        crlf: splitEnds(source).crlf,
      })
      const base = store.get().base
      const runbook = id && base ? await saveVersion(id, base.number, sent) : await createRunbook(sent)
      return { runbook, source }
    },
    onSuccess: async ({ runbook, source }) => {
      const version = runbook.version.version_number
      queries.setQueryData(runbookQuery(runbook.id).queryKey, runbook)
      void queries.invalidateQueries({ queryKey: ['runbooks'], refetchType: 'none' })
      const again = store.source() !== source // typed while it was on its way
      store.saved({ number: version, text: source })
      if (again) {
        keeper.changed({ base: version, yaml: store.source() })
        keeper.tellGone()
      } else await keeper.clear().catch(() => undefined)
      saved(version)
      if (!id) await navigate(paths.editRunbook(runbook.id), { replace: true })
    },
    onError: (reason) => {
      const error = toApiError(reason)
      if (error.status === 412) overtaken()
      if (error.status === 422) editor.problems.report(error.faults)
    },
  })
}

export function useSaving(editor: Editor, keeper: DraftKeeper) {
  const { id, store, state } = editor
  const newest = useNewest(id)
  const conflict = useConflict(id, newest.data, state)
  const [open, setOpen] = useState<Open>()
  const [said, setSaid] = useState<string>()
  const edited = id ? state.text !== splitEnds(state.base?.text ?? '').text : state.text.trim() !== ''
  const beyond = whyNot(useMe().data?.roles ?? [], 'author', { runbook: state.runbook.labels })
  const reason = beyond ?? whyNotSave(editor, edited, conflict)
  const number = newest.data?.version.version_number

  const mutation = useSave(editor, keeper, {
    saved: (version) => {
      setOpen(undefined)
      setSaid(`Saved as v${version}.`)
    },
    overtaken: () => {
      setOpen(undefined)
      void newest.refetch()
    },
  })
  const error = mutation.error ? toApiError(mutation.error) : undefined

  const move = (choices: Record<string, Choice>) => {
    if (!conflict?.compared || conflict.source === undefined) return
    if (conflict.both > Object.keys(choices).length) return setOpen('compare')
    const text = mergeOnto(conflict, choices)
    if (text === undefined) return
    const { version_number } = conflict.runbook.version
    store.replace(text, { number: version_number, text: conflict.source })
    setOpen(undefined)
    setSaid(`Your edits now stand on v${version_number}.`)
  }
  useFollow(editor, conflict, edited, setSaid)
  const deleted = newest.error instanceof ApiError && newest.error.status === 404
  return {
    edited,
    reason: deleted ? 'The runbook was deleted.' : reason,
    newest: id ? number : undefined,
    conflict: edited ? conflict : undefined,
    asking: open === 'save',
    comparing: open === 'compare',
    busy: mutation.isPending,
    error: error?.status === 412 ? undefined : error,
    ask: () => {
      store.settle()
      if (deleted || beyond || whyNotSave(editor, edited, conflict)) return setSaid(reason)
      mutation.reset()
      setOpen('save')
    },
    save: mutation.mutate,
    move,
    compare: () => setOpen('compare'),
    cancel: () => setOpen(undefined),
    notice: <Notice deleted={deleted} said={said} onClose={() => setSaid(undefined)} />,
  }
}

// Without own edits there is nothing to lose: the newest version is shown.
function useFollow(
  editor: Editor,
  conflict: Conflict | undefined,
  edited: boolean,
  say: (text: string) => void,
) {
  const latest = useRef(editor)
  useEffect(() => {
    latest.current = editor
  })
  const source = conflict?.source
  const version = conflict?.runbook.version
  useEffect(() => {
    if (edited || source === undefined || !version) return
    const { store } = latest.current
    store.replace(source, { number: version.version_number, text: source })
    say(`${version.created_by_name} saved v${version.version_number}: this is it.`)
    // `say` is another function each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [edited, source, version])
}

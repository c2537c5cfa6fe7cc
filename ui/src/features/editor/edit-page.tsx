// /runbooks/:id/edit
import { useState } from 'react'
import { useParams } from 'react-router'

import { Button } from '@/components/button'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { RequireRight } from '@/components/require-right'
import type { DraftState, KeptDraft, KnownDraft } from '@/features/editor/draft-keeper'
import { EditorFrame } from '@/features/editor/editor-frame'
import { NoticeBar } from '@/features/editor/editor-notice'
import { EditorStore } from '@/features/editor/editor-store'
import { makeKeeper, useOnce } from '@/features/editor/use-drafts'
import { useOthers } from '@/features/editor/use-others'
import { type Session, useSession } from '@/features/editor/use-session'
import { toApiError } from '@/lib/api-client'
import { exactTime } from '@/lib/time'
import { useMe } from '@/lib/use-me'

export function EditPage() {
  const { id = '' } = useParams()
  return (
    <RequireRight right="author" needs="author" givenBy="author" what="edit runbooks">
      <Loader key={id} id={id} />
    </RequireRight>
  )
}

function Loader({ id }: { id: string }) {
  const person = useMe().data?.id
  const session = useSession(id, person)
  if (session.isError) {
    const gone = toApiError(session.error).status === 404
    return (
      <Page title="Edit runbook">
        <ErrorState
          what={gone ? 'There is no such runbook, or it was deleted.' : 'The runbook could not be loaded.'}
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </Page>
    )
  }
  if (!session.data || !person) return <SkeletonRows rows={10} />
  return <Opened session={session.data} person={person} />
}

// One found in this browser is on its way, unless that would write over the only copy of another one.
function knownDraft({ draft, serverDraftAt, mayReplace }: Session): KnownDraft {
  if (!draft) return { keptAt: serverDraftAt, state: { kind: 'none' } }
  const { base, yaml, at, where } = draft
  const state: DraftState =
    where === 'server'
      ? { kind: 'kept', at }
      : { kind: 'local', at, why: 'It has not reached the controller.' }
  return {
    keptAt: serverDraftAt,
    state,
    draft: where === 'server' || mayReplace ? { base, yaml } : undefined,
  }
}

function Opened({ session, person }: { session: Session; person: string }) {
  const { id, base, source, draft } = session
  const store = useOnce(() => {
    const made = new EditorStore(base.text, base)
    if (draft) made.replace(source)
    return made
  })
  const keeper = useOnce(() => makeKeeper(id, person, knownDraft(session)))
  const [restored, setRestored] = useState(draft)
  const [fault, setFault] = useState<string>()
  const others = useOthers({ id, person, store, keeper, found: session.others, setRestored, setFault })
  const discard = () => {
    store.replace(store.get().base?.text ?? '')
    setRestored(undefined)
    setFault(undefined)
    keeper.clear().catch((error: unknown) => {
      const why = toApiError(error).message
      setFault(`The draft could not be discarded and comes back when you open the editor again. ${why}`)
    })
  }
  const notices = (
    <>
      {fault && (
        <NoticeBar tone="bad" onClose={() => setFault(undefined)}>
          {fault}
        </NoticeBar>
      )}
      {restored && <Restored draft={restored} onDiscard={discard} onClose={() => setRestored(undefined)} />}
      {others.shown.map((other) => (
        <Other
          key={`${other.at} ${other.base}`}
          draft={other}
          busy={others.busy}
          onUse={() => void others.use(other)}
          onDiscard={() => others.discard(other)}
          onClose={() => others.hide(other)}
        />
      ))}
    </>
  )
  return <EditorFrame {...{ id, store, keeper, notices }} onDiscard={discard} />
}

interface OtherProps {
  draft: KeptDraft
  busy: boolean
  onUse: () => void
  onDiscard: () => void
  onClose: () => void
}

function Other({ draft, busy, onUse, onDiscard, onClose }: OtherProps) {
  const actions = (
    <>
      <Button disabled={busy} onClick={onUse}>
        Use that one
      </Button>
      <Button disabled={busy} onClick={onDiscard}>
        Discard that one
      </Button>
    </>
  )
  return (
    <NoticeBar tone="info" actions={actions} onClose={onClose}>
      There is another draft of yours,{' '}
      {draft.where === 'browser' ? 'kept in this browser' : 'on the controller'}, from{' '}
      <time dateTime={draft.at}>{exactTime(draft.at)}</time>, based on v{draft.base}.
    </NoticeBar>
  )
}

interface RestoredProps {
  draft: KeptDraft
  onDiscard: () => void
  onClose: () => void
}

function Restored({ draft, onDiscard, onClose }: RestoredProps) {
  const time = new Date(draft.at)
  const today = time.toDateString() === new Date().toDateString()
  const clock = time.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hour12: false })
  return (
    <NoticeBar tone="info" actions={<Button onClick={onDiscard}>Discard</Button>} onClose={onClose}>
      Your draft from{' '}
      <time dateTime={draft.at} title={exactTime(draft.at)}>
        {today ? clock : exactTime(draft.at)}
      </time>
      , based on v{draft.base}
      {draft.where === 'browser' && ', kept in this browser'}.
    </NoticeBar>
  )
}

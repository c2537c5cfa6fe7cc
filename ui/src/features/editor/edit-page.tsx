// /runbooks/:id/edit
import { useState } from 'react'
import { useParams } from 'react-router'

import { Button } from '@/components/button'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { RequireRight } from '@/components/require-right'
import type { KeptDraft } from '@/features/editor/draft-keeper'
import { EditorFrame } from '@/features/editor/editor-frame'
import { NoticeBar } from '@/features/editor/editor-notice'
import { EditorStore } from '@/features/editor/editor-store'
import { makeKeeper, useOnce } from '@/features/editor/use-drafts'
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

function Opened({ session, person }: { session: Session; person: string }) {
  const { id, base, source, draft, other, serverDraftAt } = session
  const store = useOnce(() => {
    const made = new EditorStore(base.text, base)
    if (draft) made.replace(source)
    return made
  })
  const keeper = useOnce(() =>
    makeKeeper(id, person, {
      keptAt: serverDraftAt,
      state: draft ? { kind: 'kept', at: draft.at } : { kind: 'none' },
    }),
  )
  const [restored, setRestored] = useState(draft)
  const [second, setSecond] = useState(other)
  const discard = () => {
    store.replace(store.get().base?.text ?? '')
    setRestored(undefined)
    void keeper.clear().catch(() => undefined)
  }
  const swap = (wanted: KeptDraft) => {
    store.replace(wanted.yaml)
    setSecond(undefined)
  }
  const notices = (
    <>
      {restored && <Restored draft={restored} onDiscard={discard} onClose={() => setRestored(undefined)} />}
      {second && (
        <NoticeBar
          tone="info"
          actions={<Button onClick={() => swap(second)}>Use that one</Button>}
          onClose={() => setSecond(undefined)}
        >
          There is another draft of yours,{' '}
          {second.where === 'browser' ? 'kept in this browser' : 'on the controller'} at{' '}
          <time dateTime={second.at}>{exactTime(second.at)}</time>.
        </NoticeBar>
      )}
    </>
  )
  return <EditorFrame {...{ id, store, keeper, notices }} onDiscard={discard} />
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

// Over the editor: what is being edited, whether it is kept, and what can be done with all of it.
import { Ellipsis, FlaskConical, History, Play, Redo2, TriangleAlert, Undo2 } from 'lucide-react'
import { Link } from 'react-router'

import { Button, buttonClass } from '@/components/button'
import { IconButton } from '@/components/icon-button'
import { Kbd } from '@/components/kbd'
import { Menu, MenuItem } from '@/components/menu'
import type { DraftState } from '@/features/editor/draft-keeper'
import { useEditor } from '@/features/editor/editor-context'
import { counted } from '@/lib/format'
import { paths } from '@/lib/paths'
import { whyNot } from '@/lib/permissions'
import { ago, exactTime } from '@/lib/time'
import { useMe } from '@/lib/use-me'
import { useNow } from '@/lib/use-now'

interface Props {
  newest: number | undefined // version of the server
  edited: boolean
  draft: DraftState
  onSave: () => void
  onDryRun: () => void
  onDiscard: () => void
  cannotSave: string | undefined
}

export function EditorHeader(props: Props) {
  const { id, state, problems, setTab } = useEditor()
  const { newest, edited, draft } = props
  const number = state.base?.number
  return (
    <header
      className={
        'flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-2.5'
      }
    >
      <h1 className="min-w-0 truncate text-title font-semibold">
        {state.runbook.title || (id ? 'No title' : 'New runbook')}
      </h1>
      <span className="rounded-sm border border-line2 px-1.5 font-mono text-small text-mute">
        {number === undefined ? 'not saved yet' : edited ? `v${number} + draft` : `v${number}`}
      </span>
      <DraftText draft={draft} edited={edited} />
      {problems.list.length > 0 && (
        <button
          type="button"
          onClick={() => setTab('problems')}
          className="flex min-h-6 items-center gap-1.5 rounded-sm text-failed"
        >
          <TriangleAlert aria-hidden size={14} />
          {counted(problems.list.length, 'problem')}
        </button>
      )}
      <Actions {...props} newest={newest} />
    </header>
  )
}

function DraftText({ draft, edited }: { draft: DraftState; edited: boolean }) {
  const now = useNow()
  if (draft.kind === 'none' || !edited) return null
  if (draft.kind === 'unsent') return <span className="text-mute">Keeping the draft</span>
  if (draft.kind === 'unkept')
    return (
      <span role="alert" className="flex min-w-0 items-center gap-1.5 text-failed" title={draft.why}>
        <TriangleAlert aria-hidden size={14} className="shrink-0" />
        <span>
          Draft not kept<span className="sr-only">: {draft.why}</span>
        </span>
      </span>
    )
  const time = (
    <time dateTime={draft.at} title={exactTime(draft.at)}>
      {ago(draft.at, now)}
    </time>
  )
  if (draft.kind === 'kept') return <span className="text-mute">Draft saved {time}</span>
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-waiting" title={draft.why}>
      <TriangleAlert aria-hidden size={14} className="shrink-0" />
      <span>
        Draft kept in this browser {time}
        <span className="sr-only">: {draft.why}</span>
      </span>
    </span>
  )
}

function Actions({ newest, edited, onSave, onDryRun, onDiscard, cannotSave }: Props) {
  const { id, store, state } = useEditor()
  const roles = useMe().data?.roles ?? []
  const next = newest === undefined ? undefined : newest + 1
  const mayRun = whyNot(roles, 'execute', { runbook: state.runbook.labels })
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2">
      <IconButton name="Undo" disabled={!state.canUndo} onClick={store.undo}>
        <Undo2 aria-hidden size={15} />
      </IconButton>
      <IconButton name="Redo" disabled={!state.canRedo} onClick={store.redo}>
        <Redo2 aria-hidden size={15} />
      </IconButton>
      {id && (
        <Link to={paths.versions(id)} className={buttonClass('plain')}>
          <History aria-hidden size={15} />
          Versions
        </Link>
      )}
      <Button icon={<FlaskConical aria-hidden size={15} />} onClick={onDryRun}>
        Dry run <Kbd>D</Kbd>
      </Button>
      {id && newest !== undefined && mayRun === undefined && (
        <Link to={`${paths.runbook(id)}?run`} className={buttonClass('plain')}>
          <Play aria-hidden size={15} />
          Run v{newest}
        </Link>
      )}
      {id && newest !== undefined && mayRun !== undefined && (
        <Button icon={<Play aria-hidden size={15} />} reason={mayRun}>
          Run v{newest}
        </Button>
      )}
      <Button kind="primary" reason={cannotSave} onClick={onSave}>
        {next === undefined ? 'Create' : `Save as v${next}`} <Kbd>Ctrl S</Kbd>
      </Button>
      {edited && (
        <Menu
          trigger={
            <IconButton name="More">
              <Ellipsis aria-hidden size={16} />
            </IconButton>
          }
        >
          <MenuItem onSelect={onDiscard}>Discard the draft</MenuItem>
        </Menu>
      )}
    </div>
  )
}

// One runbook: what it says, what it would run and where, and what it has run.
import { Copy, Download, Ellipsis, History, Pencil, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'

import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { Button, buttonClass } from '@/components/button'
import { IconButton } from '@/components/icon-button'
import { Kbd } from '@/components/kbd'
import { LabelChips } from '@/components/label-chips'
import { Menu, MenuItem } from '@/components/menu'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { TimeAgo } from '@/components/time-ago'
import { kYaml, fetchYaml, useRunbook } from '@/features/runbooks/api'
import { BlockList } from '@/features/runbooks/block-list'
import { curlOf } from '@/features/runbooks/curl'
import { DeleteDialog } from '@/features/runbooks/delete-dialog'
import { ParameterList } from '@/features/runbooks/parameter-list'
import { Readme } from '@/features/runbooks/readme'
import { RecentRuns } from '@/features/runbooks/recent-runs'
import { RecentVersions } from '@/features/runbooks/recent-versions'
import { RunSheet } from '@/features/runbooks/run-sheet'
import { RunbookMissing } from '@/features/runbooks/runbook-missing'
import { Where } from '@/features/runbooks/where'
import { fileName, saveText } from '@/lib/download'
import { useHotkeys } from '@/lib/hotkeys'
import type { Runbook } from '@/lib/model'
import { paths } from '@/lib/paths'
import { whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'

export function RunbookPage() {
  const { id } = useParams()
  const runbook = useRunbook(id)
  if (runbook.data) return <Loaded runbook={runbook.data} />
  if (runbook.isError)
    return <RunbookMissing title="Runbook" error={runbook.error} onRetry={() => void runbook.refetch()} />
  return <SkeletonRows />
}

// The address /runbooks/:id?run opens the sheet at once: links and the palette use it.
function useRunning() {
  const [search, setSearch] = useSearchParams()
  const running = search.has('run')
  const setRunning = (next: boolean) => setSearch(next ? { run: '' } : {}, { replace: true })
  return { running, setRunning }
}

function Loaded({ runbook }: { runbook: Runbook }) {
  const { running, setRunning } = useRunning()
  const [exportError, setExportError] = useState<unknown>()
  const roles = useMe().data?.roles ?? []
  const mayRun = whyNot(roles, 'execute', { runbook: runbook.labels })
  const mayEdit = whyNot(roles, 'author', { runbook: runbook.labels })
  const navigate = useNavigate()
  const edit = () => void navigate(paths.editRunbook(runbook.id))
  useHotkeys({
    r: () => mayRun === undefined && setRunning(true),
    e: () => mayEdit === undefined && edit(),
  })
  return (
    <Page
      title={runbook.title}
      heading={
        <span className="rounded-sm border border-line px-1.5 font-mono text-small text-mute">
          v{runbook.version.version_number}
        </span>
      }
      actions={
        <>
          <Button
            kind="primary"
            icon={<Play aria-hidden size={15} />}
            reason={mayRun}
            onClick={() => setRunning(true)}
          >
            Run <Kbd>r</Kbd>
          </Button>
          <Button icon={<Pencil aria-hidden size={15} />} reason={mayEdit} onClick={edit}>
            Edit <Kbd>e</Kbd>
          </Button>
          <Link to={paths.versions(runbook.id)} className={buttonClass('plain')}>
            <History aria-hidden size={15} />
            Versions
          </Link>
          <More runbook={runbook} mayEdit={mayEdit} onExportError={setExportError} />
        </>
      }
      below={<Facts runbook={runbook} />}
    >
      <BreadcrumbEnd title={runbook.title} />
      {exportError !== undefined && <ErrorState what="The YAML could not be loaded." error={exportError} />}
      <Parts runbook={runbook} />
      <RunSheet runbookId={running ? runbook.id : undefined} onClose={() => setRunning(false)} />
    </Page>
  )
}

function Parts({ runbook }: { runbook: Runbook }) {
  return (
    <div className="grid max-w-[1400px] gap-6 xl:grid-cols-[minmax(0,1fr)_360px]">
      <div className="flex min-w-0 flex-col gap-6">
        <Readme runbook={runbook} />
        <section aria-labelledby="blocks-heading">
          <h2 id="blocks-heading" className="mb-2 font-semibold">
            Steps
          </h2>
          <BlockList blocks={runbook.blocks} />
        </section>
      </div>
      <div className="flex min-w-0 flex-col gap-6">
        <RecentRuns runbook={runbook.id} />
        <Where runbook={runbook} />
        <section aria-labelledby="parameters-heading" className="min-w-0">
          <h2 id="parameters-heading" className="mb-2 font-semibold">
            Inputs
          </h2>
          <ParameterList parameters={runbook.parameters} />
        </section>
        <RecentVersions runbook={runbook.id} />
      </div>
    </div>
  )
}

interface MoreProps {
  runbook: Runbook
  mayEdit: string | undefined
  onExportError: (error: unknown) => void
}

function More({ runbook, mayEdit, onExportError }: MoreProps) {
  const [deleting, setDeleting] = useState(false)
  const navigate = useNavigate()
  const exportYaml = () =>
    fetchYaml(runbook.id).then((text) => {
      onExportError(undefined)
      saveText(fileName(runbook.title, 'yaml'), text, kYaml)
    }, onExportError)
  const copyCurl = () => void navigator.clipboard.writeText(curlOf(runbook))
  return (
    <>
      <Menu
        trigger={
          <IconButton name="More" bordered>
            <Ellipsis aria-hidden size={16} />
          </IconButton>
        }
      >
        <MenuItem icon={<Download aria-hidden size={16} />} onSelect={() => void exportYaml()}>
          Export YAML
        </MenuItem>
        <MenuItem icon={<Copy aria-hidden size={16} />} onSelect={copyCurl}>
          Copy “Run” as curl
        </MenuItem>
        {mayEdit === undefined && (
          <MenuItem icon={<Trash2 aria-hidden size={16} />} onSelect={() => setDeleting(true)}>
            Delete…
          </MenuItem>
        )}
      </Menu>
      {deleting && (
        <DeleteDialog
          runbooks={[runbook]}
          onClose={() => setDeleting(false)}
          onDone={() => void navigate(paths.runbooks, { replace: true })}
        />
      )}
    </>
  )
}

function Facts({ runbook }: { runbook: Runbook }) {
  const { version } = runbook
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1 text-mute">
      <LabelChips labels={runbook.labels} />
      <span>
        Version {version.version_number} by <b className="font-semibold text-fg">{version.created_by_name}</b>
        , <TimeAgo time={version.created_at} />
        {version.message && <>: {version.message}</>}
      </span>
    </div>
  )
}

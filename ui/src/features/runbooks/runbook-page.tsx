import { Play } from 'lucide-react'
import { useState } from 'react'
import { useParams } from 'react-router'

import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { Button } from '@/components/button'
import { Kbd } from '@/components/kbd'
import { LabelChips } from '@/components/label-chips'
import { Markdown } from '@/components/markdown'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { TimeAgo } from '@/components/time-ago'
import { useRunbook } from '@/features/runbooks/api'
import { BlockList } from '@/features/runbooks/block-list'
import { RunSheet } from '@/features/runbooks/run-sheet'
import { useHotkeys } from '@/lib/hotkeys'
import type { Parameter, Runbook } from '@/lib/model'
import { whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'

export function RunbookPage() {
  const { id } = useParams()
  const runbook = useRunbook(id)
  if (runbook.data) return <Loaded runbook={runbook.data} />
  if (runbook.isError)
    return (
      <Page title="Runbook">
        <ErrorState
          what="This runbook could not be loaded."
          error={runbook.error}
          onRetry={() => void runbook.refetch()}
        />
      </Page>
    )
  return <SkeletonRows />
}

function Loaded({ runbook }: { runbook: Runbook }) {
  const [running, setRunning] = useState(false)
  const me = useMe()
  const reason = whyNot(me.data?.roles ?? [], 'execute')
  useHotkeys({ r: () => reason === undefined && setRunning(true) })
  return (
    <Page
      title={runbook.title}
      heading={
        <span className="rounded-sm border border-line px-1.5 font-mono text-small text-mute">
          v{runbook.version.version_number}
        </span>
      }
      actions={
        <Button
          kind="primary"
          icon={<Play aria-hidden size={15} />}
          reason={reason}
          onClick={() => setRunning(true)}
        >
          Run <Kbd>r</Kbd>
        </Button>
      }
      below={<Facts runbook={runbook} />}
    >
      <BreadcrumbEnd title={runbook.title} />
      <div className="grid max-w-[1200px] gap-6 xl:grid-cols-[minmax(0,1fr)_340px]">
        <div className="flex min-w-0 flex-col gap-6">
          {runbook.description && (
            <section aria-label="Description" className="max-w-[80ch]">
              <Markdown text={runbook.description} />
            </section>
          )}
          <section aria-labelledby="blocks-heading">
            <h2 id="blocks-heading" className="mb-2 font-semibold">
              Steps
            </h2>
            <BlockList blocks={runbook.blocks} />
          </section>
        </div>
        <Parameters parameters={runbook.parameters} />
      </div>
      <RunSheet runbookId={running ? runbook.id : undefined} onClose={() => setRunning(false)} />
    </Page>
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

function Parameters({ parameters }: { parameters: Parameter[] }) {
  return (
    <section aria-labelledby="parameters-heading" className="min-w-0">
      <h2 id="parameters-heading" className="mb-2 font-semibold">
        Parameters
      </h2>
      {parameters.length === 0 ? (
        <p className="text-mute">None. It runs as it is written.</p>
      ) : (
        <ul className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-3">
          {parameters.map((parameter) => (
            <li key={parameter.name} className="flex flex-col gap-0.5">
              <span className="flex flex-wrap items-baseline gap-2">
                <code className="font-mono text-small font-semibold">{parameter.name}</code>
                <span className="text-small text-mute">
                  {parameter.type}
                  {parameter.required && ', required'}
                </span>
              </span>
              {parameter.description && <span className="text-mute">{parameter.description}</span>}
              {parameter.default != null && (
                <span className="text-small text-mute">
                  Default <code className="font-mono text-fg">{String(parameter.default)}</code>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

// Two versions side by side: which blocks were added, removed, moved or changed, and every line inside.
import { ArrowLeftRight, Equal } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'

import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { Choice } from '@/components/choice'
import { buttonClass } from '@/components/button'
import { SelectField } from '@/components/field'
import { IconButton } from '@/components/icon-button'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { type Version, useRunbook, useVersionYaml, useVersions } from '@/features/runbooks/api'
import { changeWords } from '@/features/runbooks/change-words'
import { ChangeList } from '@/features/runbooks/change-list'
import { diffRunbooks } from '@/features/runbooks/runbook-diff'
import { RunbookMissing } from '@/features/runbooks/runbook-missing'
import { TextDiffView } from '@/features/runbooks/text-diff-view'
import type { Runbook } from '@/lib/model'
import { paths } from '@/lib/paths'
import { useVersion } from '@/lib/use-version'

const kViews = [
  { value: 'blocks', label: 'Blocks' },
  { value: 'yaml', label: 'YAML' },
  { value: 'split', label: 'YAML side by side' },
] as const

type View = (typeof kViews)[number]['value']

export function ComparePage() {
  const { id = '' } = useParams()
  const runbook = useRunbook(id)
  const versions = useVersions(id)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = versions
  // The choice offers every version, and an address may name an old one.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  if (runbook.isError)
    return <RunbookMissing title="Compare" error={runbook.error} onRetry={() => void runbook.refetch()} />
  if (versions.isError)
    return (
      <ErrorState
        what="The versions could not be loaded."
        error={versions.error}
        onRetry={() => void versions.refetch()}
      />
    )
  if (!runbook.data || !versions.data || hasNextPage) return <SkeletonRows />
  const all = versions.data.pages.flatMap((page) => page.items)
  return <Loaded runbook={runbook.data} versions={all} />
}

function useSides(versions: Version[]) {
  const [search, setSearch] = useSearchParams()
  const newest = versions[0]?.version_number ?? 1
  const to = Number(search.get('to') ?? newest)
  const from = Number(search.get('from') ?? Math.max(1, to - 1))
  const view = kViews.find(({ value }) => value === search.get('view'))?.value ?? 'blocks'
  const find = (number: number) => versions.find((version) => version.version_number === number)
  const set = (more: Record<string, string>) =>
    setSearch(
      { from: String(from), to: String(to), ...(view !== 'blocks' && { view }), ...more },
      { replace: true },
    )
  return { from, to, view, before: find(from), after: find(to), set }
}

function Loaded({ runbook, versions }: { runbook: Runbook; versions: Version[] }) {
  const sides = useSides(versions)
  const { from, to, view, before, after, set } = sides
  return (
    <Page
      title={`Compare versions of ${runbook.title}`}
      actions={
        <Link to={paths.versions(runbook.id)} className={buttonClass('plain')}>
          All versions
        </Link>
      }
      below={
        <div className="flex flex-wrap items-end gap-3">
          <Pick label="From" value={from} versions={versions} onChange={(number) => set({ from: number })} />
          <IconButton
            name="Swap the two versions"
            bordered
            onClick={() => set({ from: String(to), to: String(from) })}
          >
            <ArrowLeftRight aria-hidden size={15} />
          </IconButton>
          <Pick label="To" value={to} versions={versions} onChange={(number) => set({ to: number })} />
          <div className="flex min-h-7 items-end">
            <Choice<View>
              label="View"
              options={kViews}
              value={view}
              onChange={(next) => set({ view: next })}
            />
          </div>
        </div>
      }
    >
      <BreadcrumbEnd title={runbook.title} detail={`v${from} to v${to}`} />
      {before && after ? (
        <Compared key={`${before.id} ${after.id}`} runbook={runbook.id} {...{ before, after, view }} />
      ) : (
        <EmptyState icon={Equal}>
          There is no version {before ? to : from} of this runbook. Choose two of those above.
        </EmptyState>
      )}
    </Page>
  )
}

interface PickProps {
  label: string
  value: number
  versions: Version[]
  onChange: (number: string) => void
}

function Pick({ label, value, versions, onChange }: PickProps) {
  const known = versions.some((version) => version.version_number === value)
  return (
    <div className="w-64 max-w-full">
      <SelectField label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {!known && <option value={value}>v{value}, not there</option>}
        {versions.map((version) => (
          <option key={version.id} value={version.version_number}>
            v{version.version_number}, {version.created_by_name}
            {version.message && `: ${version.message.slice(0, 60)}`}
          </option>
        ))}
      </SelectField>
    </div>
  )
}

interface ComparedProps {
  runbook: string
  before: Version
  after: Version
  view: View
}

function Compared({ runbook, before, after, view }: ComparedProps) {
  const contents = [useVersion(runbook, before.id), useVersion(runbook, after.id)] as const
  const texts = [
    useVersionYaml(runbook, before.id, view !== 'blocks'),
    useVersionYaml(runbook, after.id, view !== 'blocks'),
  ] as const
  const [old, fresh] = contents
  const diff = useMemo(
    () => (old.data && fresh.data ? diffRunbooks(old.data, fresh.data) : undefined),
    [old.data, fresh.data],
  )
  const failed = [...contents, ...(view === 'blocks' ? [] : texts)].find((query) => query.isError)
  if (failed)
    return (
      <ErrorState
        what="These versions could not be loaded."
        error={failed.error}
        onRetry={() => void failed.refetch()}
      />
    )
  if (!diff) return <SkeletonRows />
  const words = changeWords(diff)
  const [oldText, freshText] = texts
  return (
    <div className="flex flex-col gap-4">
      <p role="status" className="font-semibold">
        {words || `Versions ${before.version_number} and ${after.version_number} are equal.`}
      </p>
      {view === 'blocks' ? (
        <ChangeList diff={diff} />
      ) : oldText.data === undefined || freshText.data === undefined ? (
        <SkeletonRows />
      ) : (
        <TextDiffView
          label={`YAML of version ${before.version_number} and ${after.version_number}`}
          before={oldText.data}
          after={freshText.data}
          split={view === 'split'}
        />
      )}
    </div>
  )
}

// Beside the list: the same document as text, as the operator will see it, and what is known of it.
import { CircleAlert, CircleCheck, CircleHelp, LoaderCircle, TriangleAlert } from 'lucide-react'
import { Suspense, lazy, useMemo } from 'react'

import { CodeEditor, type CodeEditorHandle } from '@/components/code-editor'
import { EmptyState, SkeletonRows } from '@/components/notice'
import { Tabs } from '@/components/tabs'
import type { EditedBlock } from '@/features/editor/block-model'
import { type SideTab, useEditor } from '@/features/editor/editor-context'
import type { PlacedProblem } from '@/features/editor/use-problems'
import { blockAt } from '@/features/editor/yaml-places'

// Beside the text these are looked at now and then: each is loaded when it is.
const DryRunPanel = lazy(() =>
  import('@/features/editor/panels/dry-run-panel').then((m) => ({ default: m.DryRunPanel })),
)
const PreviewPanel = lazy(() =>
  import('@/features/editor/panels/preview-panel').then((m) => ({ default: m.PreviewPanel })),
)
const VariablesPanel = lazy(() =>
  import('@/features/editor/panels/variables-panel').then((m) => ({ default: m.VariablesPanel })),
)

export function SidePanel({ onYaml }: { onYaml: (handle: CodeEditorHandle) => void }) {
  const { tab, setTab, problems } = useEditor()
  return (
    <Tabs<SideTab>
      label="Views of the document"
      tabs={[
        { id: 'yaml', label: 'YAML' },
        { id: 'preview', label: 'Preview' },
        { id: 'problems', label: 'Problems', count: problems.list.length || undefined },
        { id: 'variables', label: 'Variables' },
        { id: 'dry-run', label: 'Dry run' },
      ]}
      value={tab}
      onChange={setTab}
      end={<SyncState />}
      className="h-full bg-surface"
      panelClassName={tab === 'yaml' ? 'flex flex-col' : 'overflow-y-auto'}
    >
      <Suspense fallback={<SkeletonRows />}>
        <Panel onYaml={onYaml} />
      </Suspense>
    </Tabs>
  )
}

function Panel({ onYaml }: { onYaml: (handle: CodeEditorHandle) => void }) {
  const { tab, state, store, showBlock } = useEditor()
  const { title, description, blocks, parameters } = state.runbook
  const show = (block: EditedBlock) => showBlock(block.key)
  switch (tab) {
    case 'yaml':
      return <YamlPanel onReady={onYaml} />
    case 'preview':
      return <PreviewPanel {...{ title, description, blocks }} onShow={show} />
    case 'problems':
      return <ProblemsPanel />
    case 'variables':
      return <VariablesPanel {...{ blocks, parameters }} onShow={show} />
    case 'dry-run':
      return (
        <DryRunPanel
          yaml={store.source()}
          readable={state.error === undefined}
          {...{ blocks, parameters }}
          onShow={show}
        />
      )
  }
}

function SyncState() {
  const { state, problems } = useEditor()
  const look = state.error
    ? { icon: CircleAlert, text: `Error on line ${state.error.line}`, colour: 'text-failed' }
    : problems.state === 'unknown'
      ? { icon: CircleHelp, text: 'Not checked', colour: 'text-waiting' }
      : problems.state === 'checking' || !state.settled
        ? { icon: LoaderCircle, text: 'Checking', colour: 'text-mute' }
        : { icon: CircleCheck, text: 'In sync', colour: 'text-success' }
  const Icon = look.icon
  return (
    <span
      className={`flex items-center gap-1.5 px-2 text-small ${look.colour}`}
      title={problems.error?.message}
    >
      <Icon aria-hidden size={14} />
      {look.text}
    </span>
  )
}

function YamlPanel({ onReady }: { onReady: (handle: CodeEditorHandle) => void }) {
  const { store, state, problems, showProblem, setCurrent } = useEditor()
  const diagnostics = useMemo(
    () => problems.list.map(({ from, to, message }) => ({ from, to: Math.max(to, from + 1), message })),
    [problems.list],
  )
  const cursor = (offset: number) => {
    const now = store.get()
    if (now.error || !now.settled) return
    const index = blockAt(now.document, offset)
    setCurrent(now.runbook.blocks.find((block) => block.index === index)?.key)
  }
  const [first] = problems.list
  return (
    <>
      <div className="min-h-0 flex-1">
        <CodeEditor
          language="yaml"
          label="Runbook as YAML"
          value={state.text}
          onChange={(text) => store.type(text)}
          onCursor={cursor}
          diagnostics={diagnostics}
          onReady={onReady}
          fill
        />
      </div>
      {first && (
        <button
          type="button"
          onClick={() => showProblem(first)}
          className="flex min-h-8 shrink-0 items-center gap-2 border-t border-line px-3 text-left text-failed"
        >
          <TriangleAlert aria-hidden size={14} className="shrink-0" />
          <span className="min-w-0 truncate">
            Line {first.line}: {first.message}
          </span>
        </button>
      )}
    </>
  )
}

function ProblemsPanel() {
  const { problems, showProblem, state } = useEditor()
  if (problems.list.length === 0)
    return (
      <EmptyState icon={problems.error ? CircleHelp : CircleCheck}>
        {problems.error
          ? `The document could not be checked: ${problems.error.message}`
          : 'No problems. The controller would take this document.'}
      </EmptyState>
    )
  const where = (problem: PlacedProblem) => {
    const position = state.runbook.blocks.findIndex((block) => block.key === problem.block)
    const block = state.runbook.blocks[position]
    return block ? `Block ${position + 1}, ${block.name}${problem.below}` : problem.pointer || 'Document'
  }
  return (
    <ol aria-label="Problems" className="flex flex-col py-1">
      {problems.list.map((problem) => (
        <li key={problem.id}>
          <button
            type="button"
            onClick={() => showProblem(problem)}
            className="flex w-full items-start gap-2 px-3 py-2 text-left hover:bg-raised"
          >
            <TriangleAlert aria-hidden size={14} className="mt-0.5 shrink-0 text-failed" />
            <span className="min-w-0 flex-1">
              <span className="block break-words">{problem.message}</span>
              <span className="block text-small break-words text-mute">
                {where(problem)} · line {problem.line}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}

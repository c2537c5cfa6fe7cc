// What belongs to the whole runbook: title, description, labels, parameters.
import { BookOpen, ChevronRight, TriangleAlert } from 'lucide-react'
import { useState } from 'react'

import { cx } from '@/components/class-names'
import { TextArea, TextField } from '@/components/field'
import { KeyValueList } from '@/components/key-value-list'
import { useEditor } from '@/features/editor/editor-context'
import { ParameterList } from '@/features/editor/parameter-list'
import { setField, setIn } from '@/features/editor/yaml-sync'
import { counted } from '@/lib/format'

export const kRunbookKey = 'runbook'

export function useRunbookFields() {
  const { store, problems } = useEditor()
  return {
    set: (name: string, value: unknown) =>
      store.edit((document) => setField(document, name, value), `runbook ${name}`),
    setPath: (path: (string | number)[], value: unknown) =>
      store.edit((document) => setIn(document, path, value), `runbook ${path.join('/')}`),
    problemAt: (pointer: string) =>
      problems.list.find((problem) => !problem.block && problem.pointer === pointer)?.message,
  }
}

export function RunbookSection() {
  const editor = useEditor()
  const { title, labels, parameters } = editor.state.runbook
  const isOpen = editor.open.has(kRunbookKey)
  const problems = editor.problems.list.filter((problem) => !problem.block && problem.id !== 'yaml')
  const facts = [counted(Object.keys(labels).length, 'label'), counted(parameters.length, 'parameter')]
  const [first] = problems
  return (
    <section
      aria-label="Runbook"
      id={kRunbookKey}
      className={cx('scroll-my-4 rounded-lg border bg-surface', isOpen ? 'border-accent' : 'border-line')}
    >
      <div className="flex min-h-[38px] items-center gap-2 px-3">
        <button
          type="button"
          id={`row-${kRunbookKey}`}
          aria-expanded={isOpen}
          onClick={() => editor.toggle(kRunbookKey)}
          className="flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded-md text-left max-md:min-h-11"
        >
          <ChevronRight
            aria-hidden
            size={16}
            className={cx('shrink-0 text-mute transition-transform duration-100', isOpen && 'rotate-90')}
          />
          <BookOpen aria-hidden size={16} className="shrink-0 text-accent" />
          <span className="font-semibold">Runbook</span>
          <span className="min-w-0 truncate text-mute">
            {isOpen ? '' : [title || 'No title yet', ...facts].join(' · ')}
          </span>
        </button>
        {first && !isOpen && (
          <button
            type="button"
            onClick={() => editor.showProblem(first)}
            className="flex min-h-6 max-w-[45%] min-w-0 items-center gap-1.5 rounded-sm text-failed"
          >
            <TriangleAlert aria-hidden size={14} className="shrink-0" />
            <span className="truncate text-small">{first.message}</span>
          </button>
        )}
      </div>
      {isOpen && <Fields />}
    </section>
  )
}

const kKnown = ['/title', '/description', '/labels', '/parameters']

function Fields() {
  const { state, locked, problems } = useEditor()
  const { set, setPath, problemAt } = useRunbookFields()
  const { title, description, labels } = state.runbook
  const [hasLabels] = useState(() => Object.keys(labels).length > 0)
  const others = problems.list.filter(
    ({ block, id, pointer }) =>
      !block && id !== 'yaml' && !kKnown.some((one) => pointer === one || pointer.startsWith(`${one}/`)),
  )
  return (
    <fieldset
      disabled={locked !== undefined}
      className="flex min-w-0 flex-col gap-4 border-t border-line px-3 py-3"
    >
      <legend className="sr-only">Runbook</legend>
      {others.map((problem) => (
        <p key={problem.id} className="text-failed">
          {problem.message}
        </p>
      ))}
      <TextField
        label="Title"
        value={title}
        error={problemAt('/title')}
        onChange={(event) => set('title', event.target.value)}
      />
      <TextArea
        label="Description"
        optional
        description="Markdown. What it is for, and when to run it."
        rows={4}
        value={description}
        error={problemAt('/description')}
        onChange={(event) => set('description', event.target.value === '' ? undefined : event.target.value)}
      />
      <KeyValueList
        label="Labels"
        {...(!hasLabels && { description: 'Rights and lists choose runbooks by them.' })}
        nameLabel="Label"
        addLabel="Add a label"
        value={labels}
        error={problemAt('/labels')}
        errorAt={(name) => problemAt(`/labels/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)}
        onSet={(name, value) =>
          Object.keys(labels).length === 0
            ? set('labels', { [name]: value })
            : setPath(['labels', name], value)
        }
        onReplace={(all) => set('labels', all)}
      />
      <ParameterList />
    </fieldset>
  )
}

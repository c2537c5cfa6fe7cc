// Parameters and what steps leave behind: where each is used, and a click that copies it.
import { Check, Copy } from 'lucide-react'
import { useMemo, useState } from 'react'

import { cx } from '@/components/class-names'
import type { EditedBlock } from '@/features/editor/block-model'
import { type Variable, type VariableGroup, variableGroups } from '@/features/editor/panels/variable-uses'
import type { Parameter } from '@/lib/model'

interface Props {
  blocks: EditedBlock[]
  parameters: Parameter[]
  onShow?: (block: EditedBlock) => void
  onInsert?: (text: string) => void // instead of copying, where there is a place to put it
}

export function VariablesPanel({ blocks, parameters, onShow, onInsert }: Props) {
  const groups = useMemo(() => variableGroups(blocks, parameters), [blocks, parameters])
  const [taken, setTaken] = useState<string>()
  const [failed, setFailed] = useState(false)
  const take = (expression: string) => {
    const text = `\${{ ${expression} }}`
    setTaken(undefined)
    if (onInsert) {
      onInsert(text)
      setTaken(expression)
      return
    }
    navigator.clipboard.writeText(text).then(
      () => {
        setFailed(false)
        setTaken(expression)
      },
      () => setFailed(true),
    )
  }
  const verb = onInsert ? 'Insert' : 'Copy'
  return (
    <div className="flex flex-col gap-4 px-3 py-3">
      <p className="text-mute">
        A click {onInsert ? 'inserts' : 'copies'} the name as <code className="font-mono">{'${{ }}'}</code>.
        Conditions take it without these.
      </p>
      <p role="status" className="sr-only">
        {taken && `${taken} ${onInsert ? 'inserted' : 'copied'}`}
      </p>
      {failed && <p className="text-failed">The browser did not allow to copy.</p>}
      {groups.map((group, index) => (
        <Group key={group.block?.key ?? index} {...{ group, taken, verb, onShow }} onTake={take} />
      ))}
    </div>
  )
}

interface GroupProps {
  group: VariableGroup
  taken: string | undefined
  verb: string
  onTake: (expression: string) => void
  onShow: ((block: EditedBlock) => void) | undefined
}

function Group({ group, taken, verb, onTake, onShow }: GroupProps) {
  return (
    <section aria-label={group.title} className="flex flex-col gap-1">
      <h3 className="font-semibold break-words">{group.title}</h3>
      {group.variables.length === 0 && <p className="text-mute">None.</p>}
      <ul className="flex flex-col">
        {group.variables.map((variable) => (
          <li key={variable.expression} className="flex flex-wrap items-center gap-x-3 py-0.5">
            <button
              type="button"
              aria-label={`${verb} ${variable.expression}`}
              onClick={() => onTake(variable.expression)}
              className={cx(
                'inline-flex min-h-6 items-center gap-1.5 rounded-sm px-1 text-left',
                'hover:bg-raised max-md:min-h-11',
              )}
            >
              {taken === variable.expression ? (
                <Check aria-hidden size={13} className="shrink-0 text-success" />
              ) : (
                <Copy aria-hidden size={13} className="shrink-0 text-mute" />
              )}
              <code className="font-mono text-small break-all">{variable.expression}</code>
            </button>
            {variable.about && <span className="text-small text-mute">{variable.about}</span>}
            <Uses variable={variable} onShow={onShow} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Uses({
  variable,
  onShow,
}: {
  variable: Variable
  onShow: ((block: EditedBlock) => void) | undefined
}) {
  if (variable.uses.length === 0) return null
  return (
    <span className="flex flex-wrap items-center gap-x-2 text-small text-mute">
      used in
      {variable.uses.map((block) =>
        onShow ? (
          <button
            key={block.key}
            type="button"
            onClick={() => onShow(block)}
            className="inline-flex min-h-6 items-center text-accent underline max-md:min-h-11"
          >
            {block.name}
          </button>
        ) : (
          <span key={block.key}>{block.name}</span>
        ),
      )}
    </span>
  )
}

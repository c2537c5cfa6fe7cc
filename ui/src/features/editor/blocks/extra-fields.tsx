// What the document holds in a block's configuration and no form knows: kept, and named.
import { TriangleAlert } from 'lucide-react'

import type { BlockFormProps } from '@/features/editor/block-model'
import { pointerOf } from '@/features/editor/blocks/config-fields'

interface Props {
  props: BlockFormProps
  known: readonly string[]
}

export function ExtraFields({ props, known }: Props) {
  const extra = Object.keys(props.block.config).filter((name) => !known.includes(name))
  if (extra.length === 0) return null
  return (
    <div role="note" className="flex flex-col gap-1 rounded-md border border-line bg-raised px-3 py-2">
      <p>Also in the document, kept as they are and edited in the YAML:</p>
      <ul className="flex flex-col gap-0.5">
        {extra.map((name) => {
          const problem = props.problemAt(pointerOf(['config', name]))
          return (
            <li key={name} className="flex flex-wrap items-center gap-x-2">
              <code className="font-mono text-small">{name}</code>
              {problem && (
                <span className="inline-flex items-center gap-1 text-small text-failed">
                  <TriangleAlert aria-hidden size={13} />
                  {problem}
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

// One block in a side panel: number, type, name, and what it does.
import type { ReactNode } from 'react'

import { type BlockType, blockKind } from '@/features/editor/block-model'

interface Props {
  number: number
  type: BlockType
  name: string
  onShow?: (() => void) | undefined // opens the block in the list
  children: ReactNode
}

export function BlockLine({ number, type, name, onShow, children }: Props) {
  const { icon: Icon, name: kind } = blockKind(type)
  return (
    <li className="flex flex-col gap-2 border-b border-line px-3 py-3 last:border-b-0">
      <div className="flex items-center gap-2">
        <span className="tabular w-5 text-right text-mute">{number}</span>
        <Icon role="img" aria-label={kind} size={15} className="shrink-0 text-accent" />
        <h3 className="min-w-0 flex-1 font-semibold break-words">{name}</h3>
        {onShow && (
          <button
            type="button"
            aria-label={`Open block ${number}, ${name}`}
            onClick={onShow}
            className="inline-flex min-h-6 items-center text-small text-accent underline max-md:min-h-11"
          >
            Open
          </button>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-2 pl-7">{children}</div>
    </li>
  )
}

export function CommandLines({ text, label }: { text: string; label: string }) {
  return (
    // Long commands scroll inside; the keyboard can reach them.
    <pre
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="region"
      aria-label={label}
      className="console max-h-60 overflow-auto rounded-md px-3 py-2 font-mono text-[12px]/[18px]"
    >
      {text.trimEnd() || ' '}
    </pre>
  )
}

import { Search } from 'lucide-react'

import { cx } from '@/components/class-names'
import { Kbd } from '@/components/kbd'

export function PaletteButton({ onOpen }: { onOpen: () => void }) {
  return (
    <button
      type="button"
      aria-label="Search or run a command"
      aria-keyshortcuts="Control+K"
      onClick={onOpen}
      className={cx(
        'flex h-7 items-center gap-2 rounded-md border border-line2 px-2 hover:bg-raised',
        'lg:w-64 max-md:size-11 max-md:justify-center max-md:border-0',
      )}
    >
      <Search aria-hidden size={15} className="shrink-0" />
      <span className="truncate max-lg:sr-only">Search or run a command</span>
      <span className="ml-auto max-lg:hidden">
        <Kbd>Ctrl K</Kbd>
      </span>
    </button>
  )
}

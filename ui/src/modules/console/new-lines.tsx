// How many lines came below what is read; a click returns to the end.
import { ArrowDown } from 'lucide-react'

import { cx } from '@/components/class-names'
import { counted } from '@/lib/format'
import type { ConsoleView } from '@/modules/console/console-view'
import type { LogStore } from '@/modules/console/log-store'
import { useSampled } from '@/modules/console/use-log'

interface Props {
  store: LogStore
  view: ConsoleView | undefined
  following: boolean
  onFollow: () => void
}

export function NewLines({ store, view, following, onFollow }: Props) {
  const news = useSampled(store, () => (following ? 0 : (view?.news ?? 0)))
  if (news === 0) return null
  return (
    <button
      type="button"
      onClick={onFollow}
      className={cx(
        'absolute bottom-3 left-1/2 inline-flex h-7 -translate-x-1/2 items-center gap-1.5 rounded-full',
        'bg-accent px-3 font-medium text-on-accent tabular shadow-float max-md:h-11',
      )}
    >
      <ArrowDown aria-hidden size={14} />
      {counted(news, 'new line')}
    </button>
  )
}

// Says that the controller was updated since this page was loaded. It never reloads by itself: there may be
// an unsaved draft.
import { RefreshCw } from 'lucide-react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { useUiIsStale } from '@/lib/ui-version'

export function StaleBar() {
  const stale = useUiIsStale()
  return (
    <div aria-live="polite">
      {stale && (
        <div
          className={cx(
            'flex flex-wrap items-center gap-3 border-b border-waiting',
            'bg-surface px-4 py-2 text-waiting',
          )}
        >
          <RefreshCw aria-hidden size={16} className="shrink-0" />
          <span className="font-semibold">This page is older than the controller.</span>
          <Button className="ml-auto" onClick={() => window.location.reload()}>
            Reload
          </Button>
        </div>
      )}
    </div>
  )
}

import { useRouteError } from 'react-router'

import { Button } from '@/components/button'
import { ErrorState } from '@/components/notice'

// A page that broke, or a chunk that is gone because the controller was upgraded meanwhile.
export function RouteError() {
  const error = useRouteError()
  const text = error instanceof Error ? error.message : String(error)
  if (/dynamically imported module|Importing a module script failed/.test(text)) {
    return (
      <div role="alert" className="m-4 flex flex-col items-start gap-3 rounded-lg border border-waiting p-4">
        <p>This page is older than the controller.</p>
        <Button onClick={() => window.location.reload()}>Reload</Button>
      </div>
    )
  }
  return (
    <div role="alert" className="m-4 flex flex-col items-start gap-3">
      <ErrorState what="This page broke." error={error} onRetry={() => window.location.reload()} />
      <pre className="px-4 font-mono text-small whitespace-pre-wrap text-mute">{text}</pre>
    </div>
  )
}

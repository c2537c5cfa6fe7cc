// What a screen shows instead of content: nothing there, something failed, not allowed, still loading.
import { CircleX, type LucideIcon } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'

import { Button } from '@/components/button'
import { CopyButton } from '@/components/copy-button'
import { type ApiError, toApiError } from '@/lib/api-client'

const kSkeletonDelayMs = 150

interface EmptyProps {
  icon: LucideIcon
  children: ReactNode
  action?: ReactNode
}

export function EmptyState({ icon: Icon, children, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-3 px-4 py-16 text-center">
      <Icon aria-hidden size={28} className="text-faint" />
      <p className="max-w-md text-mute">{children}</p>
      {action}
    </div>
  )
}

interface ErrorProps {
  what: string // "The runbooks could not be loaded."
  error: unknown
  onRetry?: () => void
}

export function ErrorState({ what, error, onRetry }: ErrorProps) {
  const problem = toApiError(error)
  return (
    <div
      role="alert"
      className="m-4 flex flex-col items-start gap-3 rounded-lg border border-failed bg-surface p-4"
    >
      <p className="flex items-center gap-2 font-semibold text-failed">
        <CircleX aria-hidden size={16} />
        {what}
      </p>
      <p>{problem.message}</p>
      <Faults problem={problem} />
      <div className="flex flex-wrap items-center gap-3">
        {onRetry && <Button onClick={onRetry}>Retry</Button>}
        {problem.requestId && (
          <span className="inline-flex items-center gap-1 text-small text-mute">
            Request <code className="font-mono">{problem.requestId}</code>
            <CopyButton text={problem.requestId} name="Copy the request id" />
          </span>
        )}
      </div>
    </div>
  )
}

export function Faults({ problem }: { problem: ApiError }) {
  if (problem.faults.length === 0) return null
  return (
    <ul className="list-disc pl-5">
      {problem.faults.map((fault) => (
        <li key={fault.pointer + fault.message}>
          <code className="font-mono text-small">{fault.pointer}</code> {fault.message}
        </li>
      ))}
    </ul>
  )
}

// Rows that stand for content on its way; not shown when it comes at once.
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), kSkeletonDelayMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div aria-busy="true" aria-label="Loading" role="status" className="flex flex-col gap-2 p-4">
      {late &&
        Array.from({ length: rows }, (_, row) => <div key={row} className="h-6 rounded-md bg-raised" />)}
    </div>
  )
}

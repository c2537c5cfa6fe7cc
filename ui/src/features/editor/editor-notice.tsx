// One line under the header: what happened to the whole document.
import { CircleCheck, Info, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'

import { cx } from '@/components/class-names'
import { IconButton } from '@/components/icon-button'

interface BarProps {
  tone: 'good' | 'info' | 'bad'
  children: ReactNode
  actions?: ReactNode
  onClose?: () => void
}

const kIcons = { good: CircleCheck, info: Info, bad: TriangleAlert }
const kColours = { good: 'text-success', info: 'text-accent', bad: 'text-failed' }

export function NoticeBar({ tone, children, actions, onClose }: BarProps) {
  const Icon = kIcons[tone]
  return (
    <div
      className={
        'flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface px-4 py-1.5'
      }
    >
      <Icon aria-hidden size={16} className={cx('shrink-0', kColours[tone])} />
      <p role="status" className="mr-auto min-w-0">
        {children}
      </p>
      {actions}
      {onClose && (
        <IconButton name="Dismiss" onClick={onClose}>
          <X aria-hidden size={15} />
        </IconButton>
      )}
    </div>
  )
}

interface Props {
  deleted: boolean
  said: string | undefined
  onClose: () => void
}

export function Notice({ deleted, said, onClose }: Props) {
  if (deleted)
    return (
      <NoticeBar tone="bad">
        This runbook was deleted meanwhile. Copy the YAML to make a new one of it; its versions stay with its
        executions.
      </NoticeBar>
    )
  if (said === undefined) return null
  return (
    <NoticeBar tone="good" onClose={onClose}>
      {said}
    </NoticeBar>
  )
}

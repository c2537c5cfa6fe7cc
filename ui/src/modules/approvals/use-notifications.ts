// Tells a person who looks elsewhere: what waits for them, and that an execution they started is over.
// Mounted once, by the shell.
import { useEffect, useMemo, useRef } from 'react'
import { useNavigate } from 'react-router'

import { api } from '@/lib/api-client'
import { useTopic } from '@/lib/live'
import type { Topic } from '@/lib/live-socket'
import { playNotice } from '@/lib/notice-sound'
import { type Notice, notify, setWaitingCount } from '@/lib/notifications'
import { type Execution, type ExecutionStatus, hasEnded } from '@/lib/model'
import { paths } from '@/lib/paths'
import { usePreferences } from '@/lib/preferences'
import { useMe } from '@/lib/use-me'
import { useWaitingApprovals } from '@/modules/approvals/waiting'

const kWords: Partial<Record<ExecutionStatus, string>> = {
  completed: 'Completed',
  failed: 'Failed',
  stopped: 'Stopped',
  awaiting_input: 'Waits for you',
}

function tell(notice: Notice): void {
  if (notify(notice) && usePreferences.getState().notifySound) playNotice()
}

export function useNotifications(): void {
  useWaitingNotices()
  useExecutionNotices()
}

function useWaitingNotices(): void {
  const mine = useWaitingApprovals()?.mine
  const navigate = useNavigate()
  const seen = useRef<Set<string>>(undefined)
  useEffect(() => {
    if (!mine) return
    setWaitingCount(mine.length)
    const before = seen.current
    seen.current = new Set(mine.map((item) => item.step_id))
    // What waited before the page was opened is told by the count alone.
    if (!before || !usePreferences.getState().notifyWaiting) return
    for (const item of mine.filter((each) => !before.has(each.step_id)))
      tell({
        tag: item.step_id,
        title: `Approval: ${item.name}`,
        body: `${item.title}, asked for by ${item.requested_by_name}`,
        open: () => void navigate(paths.approval(item.execution_id, item.step_id)),
      })
  }, [mine, navigate])
  useEffect(() => () => setWaitingCount(0), [])
}

function useExecutionNotices(): void {
  const me = useMe().data?.id
  const navigate = useNavigate()
  const topic = useMemo<Topic>(() => {
    const told = new Set<string>()
    const look = async (id: string, status: ExecutionStatus) => {
      const word = kWords[status]
      const { notifyEnded, notifyWaiting } = usePreferences.getState()
      if (!word || !(hasEnded(status) ? notifyEnded : notifyWaiting)) return
      const key = `${id} ${status}`
      if (told.has(key)) return
      told.add(key)
      const execution = await api
        .get<Execution>(`executions/${id}`, { fields: 'summary' })
        .catch(() => undefined)
      if (!execution || execution.requested_by !== me) return
      tell({
        tag: id,
        title: `${word}: ${execution.title}`,
        body: execution.reason ?? `Version ${execution.version_number}`,
        open: () => void navigate(paths.execution(id)),
      })
    }
    return {
      subscribe: () => ({ sub: { executions: true } }),
      unsubscribe: () => ({ unsub: { executions: true } }),
      onEvent: (event) => {
        if (event.event !== 'execution') return
        const { id, status } = event.data
        // It goes on: its next wait or end is told again.
        if (status === 'running') for (const word of Object.keys(kWords)) told.delete(`${id} ${word}`)
        void look(id, status)
      },
    }
  }, [me, navigate])
  useTopic(topic)
}

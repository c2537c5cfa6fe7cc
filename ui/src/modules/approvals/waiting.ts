// The commands that wait for somebody, as lists and the count beside "Approvals" show them.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { api } from '@/lib/api-client'
import type { components } from '@/lib/api-types'
import { useExecutionChanges } from '@/lib/execution-changes'

type Schemas = components['schemas']
export type WaitingApproval = Schemas['WaitingApproval']
type ApprovalPage = Schemas['ApprovalPage']
export type ApprovalState = 'waiting' | 'decided'

const kPage = 100
// An approval that is given but not enough changes no execution's state: nothing tells, so it is asked.
const kRefreshMs = 15_000

export const approvalsKey = ['approvals']
const kLiveKeys = [approvalsKey]

export function useApprovals(state: ApprovalState) {
  return useInfiniteQuery({
    queryKey: [...approvalsKey, state],
    queryFn: ({ pageParam, signal }) =>
      api.get<ApprovalPage>('approvals', { state, limit: kPage, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: kRefreshMs,
  })
}

export interface Waiting {
  mine: WaitingApproval[] // those this person may decide
  all: WaitingApproval[]
  more: boolean // there are some beyond these
}

// Kept up to date while anything shows it; nothing until the first answer.
export function useWaitingApprovals(): Waiting | undefined {
  const { data } = useApprovals('waiting')
  useExecutionChanges(kLiveKeys)
  return useMemo(() => {
    if (!data) return undefined
    const all = data.pages.flatMap((page) => page.items)
    return { all, mine: all.filter((item) => item.may_approve), more: data.pages.at(-1)?.next_cursor != null }
  }, [data])
}

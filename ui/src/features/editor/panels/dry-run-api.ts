// Asking the controller what the document would do, and finding the block a fault is in.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'react-router'

import type { EditedBlock } from '@/features/editor/block-model'
import { type ApiError, api, toApiError } from '@/lib/api-client'
import type { DryRun, Fault, ParameterValue, Targets } from '@/lib/model'

export interface DryRunRequest {
  yaml: string
  parameters: Record<string, ParameterValue>
  targets?: Targets
}

export interface DryRunDone {
  request: DryRunRequest
  result: DryRun
}

export interface Kept {
  typed: Record<string, string>
  targets: Targets
  done?: DryRunDone | undefined
  problem?: ApiError | undefined
}

// What was typed and answered, while the panel gives way to another one.
export function useKept(): [Kept, (change: Partial<Kept>) => void] {
  const queries = useQueryClient()
  const { pathname } = useLocation()
  const key = ['dry-run', pathname]
  const { data } = useQuery<Kept>({
    queryKey: key,
    queryFn: () => ({ typed: {}, targets: {} }),
    initialData: { typed: {}, targets: {} },
    staleTime: Infinity,
  })
  const keep = (change: Partial<Kept>) =>
    queries.setQueryData<Kept>(key, (before) => ({ typed: {}, targets: {}, ...before, ...change }))
  return [data, keep]
}

export function useDryRun(keep: (change: Partial<Kept>) => void) {
  return useMutation({
    mutationFn: async (request: DryRunRequest): Promise<DryRunDone> => ({
      request,
      result: await api.post<DryRun>('runbooks/dry-run', request),
    }),
    onSuccess: (done) => keep({ done, problem: undefined }),
    onError: (error) => keep({ done: undefined, problem: toApiError(error) }),
  })
}

export interface PlacedFault extends Fault {
  block?: EditedBlock
  number?: number // of the block in the list
  within: string // pointer below the block, or the whole pointer
}

// `index` of a block is its place in the text, which pointers count.
export function placeFaults(problem: ApiError, blocks: readonly EditedBlock[]): PlacedFault[] {
  return problem.faults.map((fault) => {
    const found = /^\/runbook\/blocks\/(\d+)(.*)$/.exec(fault.pointer)
    const at = found ? blocks.findIndex((block) => block.index === Number(found[1])) : -1
    const block = blocks[at]
    if (!block) return { ...fault, within: fault.pointer.replace(/^\/runbook(?=\/|$)/, '') }
    return { ...fault, block, number: at + 1, within: found?.[2] ?? '' }
  })
}

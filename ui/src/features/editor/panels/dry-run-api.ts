// Asking the controller what the document would do, and finding the block a fault is in.
import { useMutation } from '@tanstack/react-query'

import type { EditedBlock } from '@/features/editor/block-model'
import { type ApiError, api } from '@/lib/api-client'
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

export function useDryRun() {
  return useMutation({
    mutationFn: async (request: DryRunRequest): Promise<DryRunDone> => ({
      request,
      result: await api.post<DryRun>('runbooks/dry-run', request),
    }),
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

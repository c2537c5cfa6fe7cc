// What can be asked of a waiting step, and what its card needs to know besides the step itself.
import { useMutation, useQuery } from '@tanstack/react-query'

import { api } from '@/lib/api-client'
import type { AgentMatches, Execution, Step } from '@/lib/model'

const kHostsStaleMs = 15_000

export type StepWord = 'approve' | 'reject' | 'skip' | 'retry' | 'complete'

export interface StepAction {
  step: string
  action: StepWord
  body: Record<string, unknown>
}

// Never repeated, never kept for later: what was not answered was not done.
export function useStepAction(execution: string) {
  return useMutation({
    mutationFn: ({ step, action, body }: StepAction) =>
      api.post<{ id: string; status: string }>(`executions/${execution}/steps/${step}/${action}`, body),
  })
}

export async function readStep(execution: string, step: string): Promise<Step | undefined> {
  const answer = await api.get<Execution>(`executions/${execution}`, { fields: 'summary' })
  return answer.steps.find((each) => each.id === step)
}

// The agents of the named hosts as they are now.
export function useHostsNow(agents: string[]) {
  return useQuery({
    queryKey: ['agents', 'match', { hosts: agents }],
    queryFn: ({ signal }) => api.post<AgentMatches>('agents/match', { hosts: agents }, undefined, signal),
    enabled: agents.length > 0,
    staleTime: kHostsStaleMs,
    refetchInterval: kHostsStaleMs,
  })
}

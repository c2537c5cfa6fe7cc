// What the editor asks the controller: a runbook as text, drafts, judgement, saving.
import { queryOptions } from '@tanstack/react-query'

import type { KeptDraft } from '@/features/editor/draft-keeper'
import { withoutNote } from '@/features/editor/yaml-sync'
import { splitEnds } from '@/features/editor/line-ends'
import { ApiError, api } from '@/lib/api-client'
import type { components } from '@/lib/api-types'
import type { Fault, Runbook } from '@/lib/model'

type Schemas = components['schemas']

const kYaml = 'application/yaml'
const kVersionsPage = 100

export const runbookQuery = (id: string) =>
  queryOptions({
    queryKey: ['runbooks', 'one', id],
    queryFn: ({ signal }) => api.get<Runbook>(`runbooks/${id}`, undefined, signal),
  })

// A version never changes. Its note is not part of the document.
export async function fetchVersionText(id: string, version: string): Promise<string> {
  const source = await api.text(`runbooks/${id}/versions/${version}`, kYaml)
  const { text, crlf } = splitEnds(source)
  const bare = withoutNote(text)
  return crlf ? bare.replaceAll('\n', '\r\n') : bare
}

export const versionTextQuery = (id: string, version: string) =>
  queryOptions({
    queryKey: ['runbooks', 'text', id, version],
    queryFn: () => fetchVersionText(id, version),
    staleTime: Infinity,
  })

export async function fetchVersionByNumber(id: string, number: number): Promise<string | undefined> {
  let cursor: string | undefined
  do {
    const page = await api.get<Schemas['VersionPage']>(`runbooks/${id}/versions`, {
      limit: kVersionsPage,
      cursor,
    })
    const found = page.items.find((version) => version.version_number === number)
    if (found) return fetchVersionText(id, found.id)
    cursor = page.next_cursor ?? undefined
  } while (cursor)
  return undefined
}

export async function fetchDraft(id: string): Promise<KeptDraft | undefined> {
  try {
    const draft = await api.get<Schemas['Draft']>(`runbooks/${id}/draft`)
    return { base: draft.base_version_number, yaml: draft.yaml, at: draft.updated_at, where: 'server' }
  } catch (error) {
    if (error instanceof ApiError && error.code === 'no_draft') return undefined
    throw error
  }
}

export async function putDraft(id: string, base: number, yaml: string): Promise<string> {
  const draft = await api.put<Schemas['Draft']>(`runbooks/${id}/draft`, { base_version_number: base, yaml })
  return draft.updated_at
}

export async function deleteDraft(id: string): Promise<void> {
  try {
    await api.delete<void>(`runbooks/${id}/draft`)
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error
  }
}

export interface Judgement {
  faults: Fault[]
  malformed: boolean // no YAML to the controller
}

export async function judge(yaml: string, signal: AbortSignal): Promise<Judgement> {
  try {
    const answer = await api.post<Schemas['Validation']>(
      'runbooks/validate',
      yaml,
      { 'Content-Type': kYaml },
      signal,
    )
    return { faults: answer.errors, malformed: false }
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 400) throw error
    return { faults: [{ pointer: '', code: 'bad_value', message: error.message }], malformed: true }
  }
}

export function saveVersion(id: string, base: number, yaml: string): Promise<Runbook> {
  return api.put<Runbook>(`runbooks/${id}`, yaml, { 'Content-Type': kYaml, 'If-Match': `"${base}"` })
}

export function createRunbook(yaml: string): Promise<Runbook> {
  return api.post<Runbook>('runbooks', yaml, { 'Content-Type': kYaml })
}

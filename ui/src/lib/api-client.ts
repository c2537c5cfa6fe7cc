// The one axios instance: session cookie, CSRF header, and errors turned into ApiError with the server's own
// words.
import axios, { AxiosError, type AxiosRequestConfig } from 'axios'

import type { Fault, Problem } from '@/lib/model'
import { csrfToken, sessionLost } from '@/lib/session'
import { sawUiVersion } from '@/lib/ui-version'

export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    readonly requestId: string,
    readonly faults: Fault[],
  ) {
    super(message)
  }

  faultAt(pointer: string): string | undefined {
    return this.faults.find((fault) => fault.pointer === pointer)?.message
  }
}

const kTimeoutMs = 30_000

const client = axios.create({ baseURL: '/', timeout: kTimeoutMs, headers: { Accept: 'application/json' } })

client.interceptors.request.use((config) => {
  const token = csrfToken()
  if (token && config.method !== 'get') config.headers.set('X-CSRF-Token', token)
  return config
})

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof AxiosError && error.response) {
    const problem = (error.response.data ?? {}) as Partial<Problem>
    const status = error.response.status
    return new ApiError(
      problem.detail || problem.title || `The controller answered ${status}.`,
      status,
      problem.code ?? `http_${status}`,
      problem.request_id ?? '',
      problem.errors ?? [],
    )
  }
  return new ApiError('The controller cannot be reached.', 0, 'unreachable', '', [])
}

async function send<T>(config: AxiosRequestConfig): Promise<T> {
  try {
    const answer = await client.request<T>(config)
    sawUiVersion(answer.headers['x-ui-version'] as string | undefined)
    return answer.data
  } catch (error) {
    if (axios.isCancel(error)) throw error
    const problem = toApiError(error)
    if (problem.status === 401 && config.url !== 'session') sessionLost()
    throw problem
  }
}

export const api = {
  get: <T>(url: string, params?: Record<string, unknown>, signal?: AbortSignal) =>
    send<T>({ method: 'get', url, params, signal }),
  post: <T>(url: string, data?: unknown, headers?: Record<string, string>, signal?: AbortSignal) =>
    send<T>({ method: 'post', url, data, headers, signal }),
  patch: <T>(url: string, data?: unknown) => send<T>({ method: 'patch', url, data }),
  put: <T>(url: string, data?: unknown, headers?: Record<string, string>) =>
    send<T>({ method: 'put', url, data, headers }),
  delete: <T>(url: string, headers?: Record<string, string>) => send<T>({ method: 'delete', url, headers }),
  // A document as its text: axios would otherwise read what looks like JSON.
  text: (url: string, accept: string, signal?: AbortSignal) =>
    send<string>({ method: 'get', url, headers: { Accept: accept }, responseType: 'text', signal }),
  // Bytes may be many: they take the time they take, `signal` ends them.
  bytes: (url: string, params: Record<string, unknown>, signal: AbortSignal) =>
    send<ArrayBuffer>({
      method: 'get',
      url,
      params,
      headers: { Accept: '*/*' },
      responseType: 'arraybuffer',
      timeout: 0,
      signal,
    }),
}

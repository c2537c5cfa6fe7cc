// The stored output of a step by REST, and what comes of it live.
import { api } from '@/lib/api-client'
import type { LiveOutput, OutputSource, OutputView } from '@/modules/console/output-source'

function viewOf({ agent, stream }: OutputView) {
  return { host: agent || undefined, stream }
}

export function restOutput(execution: string, step: string, live: LiveOutput): OutputSource {
  const base = `executions/${execution}/steps/${step}/output`
  return {
    index: (view, signal) => api.get(`${base}/index`, viewOf(view), signal),
    frames: (view, from, to, signal) => api.bytes(`${base}/frames`, { ...viewOf(view), from, to }, signal),
    bytes: ({ agent, stream }, offset, limit, signal) =>
      api.bytes(base, { host: agent || undefined, stream, offset, limit }, signal),
    search: ({ view, q, regex, until, cursor, limit }, signal) =>
      api.get(`${base}/search`, { ...viewOf(view), q, regex, until, cursor, limit, text: false }, signal),
    follow: (tap) => live.follow(step, tap),
  }
}

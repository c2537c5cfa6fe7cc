// Addresses inside the app (below the router's basename /ui) and of the API.
export const paths = {
  login: '/login',
  runbooks: '/runbooks',
  runbook: (id: string) => `/runbooks/${id}`,
  executions: '/executions',
  execution: (id: string) => `/executions/${id}`,
  hosts: '/hosts',
}

export function outputPath(execution: string, step: string, host?: string, stream?: string): string {
  const query = new URLSearchParams()
  if (host) query.set('host', host)
  if (stream) query.set('stream', stream)
  const text = query.toString()
  return `/executions/${execution}/steps/${step}/output${text ? `?${text}` : ''}`
}

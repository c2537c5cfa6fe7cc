// Addresses inside the app (below the router's basename /ui) and of the API.
export const paths = {
  login: '/login',
  home: '/',
  runbooks: '/runbooks',
  newRunbook: '/runbooks/new',
  runbook: (id: string) => `/runbooks/${id}`,
  editRunbook: (id: string) => `/runbooks/${id}/edit`,
  versions: (id: string) => `/runbooks/${id}/versions`,
  compare: (id: string, from: string, to: string) => `/runbooks/${id}/compare?from=${from}&to=${to}`,
  executions: '/executions',
  execution: (id: string) => `/executions/${id}`,
  report: (id: string) => `/executions/${id}/report`,
  approvals: '/approvals',
  approval: (execution: string, step: string) => `/approvals/${execution}/${step}`,
  hosts: '/hosts',
  host: (id: string) => `/hosts/${id}`,
  enrol: '/hosts/enrol',
  credentials: '/credentials',
  audit: '/audit',
  settings: '/settings',
  settingsPage: (page: string) => `/settings/${page}`,
}

export function outputPath(execution: string, step: string, host?: string, stream?: string): string {
  const query = new URLSearchParams()
  if (host) query.set('host', host)
  if (stream) query.set('stream', stream)
  const text = query.toString()
  return `/executions/${execution}/steps/${step}/output${text ? `?${text}` : ''}`
}

// A fake controller for page tests: a signed-in operator, and what a test adds.
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'

import type { Agent, Me, Problem, Runbook } from '@/lib/model'

export const kNow = '2026-11-21T12:00:00Z'

export function anAgent(host: string, more: Partial<Agent> = {}): Agent {
  return {
    id: `agent-${host}`,
    host,
    labels: { role: 'web' },
    status: 'online',
    version: '0.1.0',
    os: 'Debian 13',
    arch: 'x86_64',
    last_seen: kNow,
    enrolled_at: kNow,
    certificate_until: kNow,
    revoked_at: null,
    running: 0,
    ...more,
  }
}

export function aRunbook(more: Partial<Runbook> = {}): Runbook {
  return {
    id: 'runbook-1',
    title: 'Disk space triage',
    description: 'What fills the **disk**.',
    labels: { kind: 'triage' },
    created_by: 'person-1',
    created_by_name: 'mina',
    created_at: kNow,
    updated_at: kNow,
    version: {
      id: 'version-1',
      runbook_id: 'runbook-1',
      version_number: 3,
      created_at: kNow,
      created_by: 'person-1',
      created_by_name: 'mina',
      message: '',
    },
    parameters: [{ name: 'path', type: 'string', required: true, pattern: '/.*' }],
    blocks: [
      {
        id: 'block-1',
        name: 'Largest folders',
        slug: 'largest_folders',
        order: 0,
        type: 'command',
        on_failure: 'stop',
        config: { command: 'du -x "$RUNBOOK_PARAM_PATH"' },
      },
    ],
    ...more,
  }
}

export const me: Me = {
  id: 'person-1',
  name: 'mina',
  key: { id: 'key-1', name: 'laptop' },
  roles: ['operator'],
  session: true,
  csrf_token: 'csrf',
  version: '0.1.0',
}

export function problem(status: number, code: string, detail: string, errors?: Problem['errors']) {
  const body: Problem = {
    type: 'about:blank',
    title: code,
    status,
    code,
    detail,
    request_id: 'request-1',
    ...(errors && { errors }),
  }
  return HttpResponse.json(body, { status, headers: { 'Content-Type': 'application/problem+json' } })
}

export const server = setupServer(http.get('*/me', () => HttpResponse.json(me)))

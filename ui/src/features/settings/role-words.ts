import type { RoleRight } from '@/lib/use-roles'

export const rightWords: { right: RoleRight; words: string; question: string }[] = [
  {
    right: 'read',
    words: 'See runbooks, executions, output and hosts',
    question: 'see runbooks and executions',
  },
  { right: 'execute', words: 'Run, pause, stop, complete, skip, retry', question: 'run a runbook' },
  {
    right: 'approve_own',
    words: 'Approve in executions they started',
    question: 'approve in executions they started',
  },
  { right: 'approve', words: "Approve and reject other people's commands", question: 'approve any command' },
  { right: 'author', words: 'Write, change and delete runbooks', question: 'change a runbook' },
  { right: 'use_credentials', words: 'See and use credentials by name', question: 'use credentials' },
  { right: 'manage_hosts', words: 'Label, drain and revoke hosts', question: 'change or revoke a host' },
  { right: 'manage_tokens', words: 'Enrol hosts', question: 'enrol hosts' },
  {
    right: 'manage_credentials',
    words: 'Store, replace and delete credentials',
    question: 'change credentials',
  },
  { right: 'manage_keys', words: 'Make and revoke keys', question: 'make keys' },
  { right: 'read_audit', words: 'Read the audit trail', question: 'read the audit trail' },
  { right: 'read_metrics', words: 'Read the metrics', question: 'read the metrics' },
]

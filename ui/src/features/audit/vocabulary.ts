// The words of the trail, for the filters. The compiler compares them with the API's.
import type { AuditAction, AuditEvent } from '@/lib/model'

const kActions: Record<AuditAction, true> = {
  'runbook.create': true,
  'runbook.update': true,
  'runbook.delete': true,
  'runbook.rollback': true,
  'execution.start': true,
  'execution.pause': true,
  'execution.resume': true,
  'execution.stop': true,
  'approval.approve': true,
  'approval.reject': true,
  'step.complete': true,
  'step.skip': true,
  'step.retry': true,
  'agent.enrol': true,
  'agent.update': true,
  'agent.revoke': true,
  'agent.renew': true,
  'agent.refused': true,
  'dispatch.refused': true,
  'enrollment_token.create': true,
  'enrollment_token.revoke': true,
  'api_key.create': true,
  'api_key.revoke': true,
  'credential.create': true,
  'credential.replace': true,
  'credential.reseal': true,
  'credential.delete': true,
  'session.sign_in': true,
  'session.sign_out': true,
  'request.refused': true,
}

const kObjectTypes: Record<AuditEvent['object_type'], true> = {
  runbook: true,
  execution: true,
  agent: true,
  enrollment_token: true,
  api_key: true,
  credential: true,
  session: true,
  request: true,
}

export const actions: readonly string[] = Object.keys(kActions)
export const objectTypes: readonly string[] = Object.keys(kObjectTypes)

// Who, with what and about what, in words.
import type { AuditEvent } from '@/lib/model'
import { shortId } from '@/lib/format'

export function personText(event: AuditEvent): string {
  if (event.person) return event.person
  return event.address === null ? 'command line' : 'nobody known'
}

export function keyText(event: AuditEvent): string {
  return event.key_name ?? (event.key_id ? shortId(event.key_id) : '–')
}

export function objectText(event: AuditEvent): string {
  const kind = event.object_type.replaceAll('_', ' ')
  const name = event.object_name ?? (event.object_id ? shortId(event.object_id) : '')
  return name ? `${kind} ${name}` : kind
}

// The changes of an audit event as lines to read: what was, and what is.
import type { AuditEvent } from '@/lib/model'

export type Line = { kind: 'same' | 'before' | 'after'; text: string }

export interface FieldChange {
  field: string
  lines: Line[]
}

function textLines(value: unknown): string[] {
  if (value === undefined || value === null) return []
  return typeof value === 'string' ? value.split('\n') : JSON.stringify(value, null, 2).split('\n')
}

// Lines both have at the beginning and the end stay; what is between them was replaced.
export function lineDiff(before: string[], after: string[]): Line[] {
  const least = Math.min(before.length, after.length)
  let head = 0
  while (head < least && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < least - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  const lines = (kind: Line['kind'], texts: string[]) => texts.map((text): Line => ({ kind, text }))
  return [
    ...lines('same', before.slice(0, head)),
    ...lines('before', before.slice(head, before.length - tail)),
    ...lines('after', after.slice(head, after.length - tail)),
    ...lines('same', before.slice(before.length - tail)),
  ]
}

export function fieldChanges(changes: AuditEvent['changes']): FieldChange[] {
  return Object.entries(changes ?? {}).map(([field, { before, after }]) => ({
    field,
    lines: lineDiff(textLines(before), textLines(after)),
  }))
}

// Executions as a table for a spreadsheet. Pure.
import { targetsText } from '@/features/executions/run-facts'
import { type Cell, csvText } from '@/lib/csv'
import type { ExecutionSummary } from '@/lib/model'

const kHead = [
  'id',
  'state',
  'runbook',
  'version',
  'started by',
  'reason',
  'targets',
  'hosts',
  'hosts ok',
  'hosts failed',
  'created',
  'started',
  'ended',
  'seconds',
]

export function executionsCsv(items: readonly ExecutionSummary[]): string {
  return csvText([kHead, ...items.map(row)])
}

function row(item: ExecutionSummary): Cell[] {
  return [
    item.id,
    item.status,
    item.title,
    item.version_number,
    item.requested_by_name,
    item.reason,
    targetsText(item.targets),
    item.host_counts.total,
    item.host_counts.success,
    item.host_counts.failed,
    item.created_at,
    item.start_time,
    item.end_time,
    seconds(item),
  ]
}

function seconds({ start_time, end_time }: ExecutionSummary): number | undefined {
  if (!start_time || !end_time) return undefined
  return Math.round((Date.parse(end_time) - Date.parse(start_time)) / 1000)
}

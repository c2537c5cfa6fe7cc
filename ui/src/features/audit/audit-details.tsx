// One event: all that is known of it, and what it changed.
import { Link } from 'react-router'

import { cx } from '@/components/class-names'
import { CopyButton } from '@/components/copy-button'
import { Sheet } from '@/components/dialog'
import { FactList } from '@/components/fact-list'
import { type FieldChange, fieldChanges } from '@/features/audit/changes'
import { keyText, objectText, personText } from '@/features/audit/event-words'
import type { AuditEvent } from '@/lib/model'
import { paths } from '@/lib/paths'
import { exactTime } from '@/lib/time'

interface Props {
  event: AuditEvent
  onClose: () => void
}

export function AuditDetails({ event, onClose }: Props) {
  const changes = fieldChanges(event.changes)
  return (
    <Sheet
      open
      onClose={onClose}
      title={<code className="font-mono">{event.action}</code>}
      description={`Event ${event.id}, ${event.result}`}
    >
      <div className="flex flex-col gap-5">
        <FactList
          facts={[
            [
              'Time',
              <time key="t" dateTime={event.at}>
                {exactTime(event.at)}
              </time>,
            ],
            ['Who', personText(event)],
            ['Key', keyText(event)],
            ['Object', <TheObject key="o" event={event} />],
            ...(event.reason ? [['Reason', event.reason] as [string, string]] : []),
            ['Address', <Code key="a" text={event.address} />],
            ['Request', <Code key="r" text={event.request_id} copy="Copy the request id" />],
          ]}
        />
        {changes.length > 0 ? (
          <div className="flex flex-col gap-3">
            <h3 className="font-semibold">What changed</h3>
            {changes.map((change) => (
              <Change key={change.field} change={change} />
            ))}
          </div>
        ) : (
          <p className="text-mute">Nothing stored was changed by this.</p>
        )}
      </div>
    </Sheet>
  )
}

function Code({ text, copy }: { text: string | null; copy?: string }) {
  if (text === null) return <>–</>
  return (
    <span className="inline-flex items-center gap-1">
      <code className="font-mono text-small break-all">{text}</code>
      {copy && <CopyButton text={text} name={copy} />}
    </span>
  )
}

function TheObject({ event }: { event: AuditEvent }) {
  const text = objectText(event)
  const to = event.object_id && pageOf(event.object_type, event.object_id)
  if (!to) return <>{text}</>
  return (
    <Link to={to} className="rounded-sm text-accent underline">
      {text}
    </Link>
  )
}

function pageOf(type: AuditEvent['object_type'], id: string): string | undefined {
  if (type === 'runbook') return paths.runbook(id)
  if (type === 'execution') return paths.execution(id)
  return type === 'agent' ? paths.host(id) : undefined
}

const kMarks = { same: ' ', before: '−', after: '+' }
const kSpoken = { same: '', before: 'before: ', after: 'after: ' }

function Change({ change }: { change: FieldChange }) {
  return (
    <div className="overflow-hidden rounded-md border border-line">
      <h4 className="border-b border-line bg-raised px-2 py-1 font-mono text-small">{change.field}</h4>
      <div className="overflow-x-auto py-1 font-mono text-small">
        {change.lines.map((line, at) => (
          <div
            key={at}
            className={cx(
              'min-w-max px-2 whitespace-pre',
              line.kind === 'before' && 'text-failed',
              line.kind === 'after' && 'text-success',
              line.kind === 'same' && 'text-mute',
            )}
          >
            <span aria-hidden>{kMarks[line.kind]} </span>
            <span className="sr-only">{kSpoken[line.kind]}</span>
            {line.text}
          </div>
        ))}
      </div>
    </div>
  )
}

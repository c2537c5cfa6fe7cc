// A timer: for a while, or until a moment, which is written in this browser's zone and kept in UTC.
import { Choice } from '@/components/choice'
import { DurationField } from '@/components/duration-field'
import { TextField } from '@/components/field'
import { formatPlain } from '@/components/number-field'
import type { BlockFormProps } from '@/features/editor/block-model'
import { type ConfigFields, configFields, configWith } from '@/features/editor/blocks/config-fields'
import { ExtraFields } from '@/features/editor/blocks/extra-fields'
import { fromLocalInput, localZone, toLocalInput, utcText } from '@/features/editor/blocks/local-time'

const kKinds = [
  { value: 'seconds', label: 'For a while' },
  { value: 'until', label: 'Until a time' },
] as const
const kMaxSeconds = 2_592_000
const kFirstSeconds = 60
const kFirstAheadMs = 3_600_000

export function TimerForm(props: BlockFormProps) {
  const fields = configFields(props)
  const kind = fields.value('until') == null ? 'seconds' : 'until'
  const choose = (next: 'seconds' | 'until') => {
    const first =
      next === 'seconds'
        ? kFirstSeconds
        : new Date(Date.now() + kFirstAheadMs).toISOString().slice(0, 17) + '00Z'
    fields.replace(configWith(props.block.config, ['seconds', 'until'], { [next]: first }))
  }
  return (
    <>
      <Choice label="Kind of timer" options={kKinds} value={kind} onChange={choose} />
      {kind === 'seconds' ? (
        <DurationField
          label="Waits"
          description="Such as 90s, 5m or 1h 30m. An operator can cut it short."
          min={1}
          max={kMaxSeconds}
          value={fields.value('seconds')}
          error={fields.error('seconds') ?? fields.error()}
          onChange={fields.set('seconds')}
        />
      ) : (
        <UntilField fields={fields} />
      )}
      <ExtraFields props={props} known={['seconds', 'until']} />
    </>
  )
}

function UntilField({ fields }: { fields: ConfigFields }) {
  const until = fields.value('until')
  const local = typeof until === 'string' ? toLocalInput(until) : undefined
  const error = fields.error('until') ?? fields.error()
  if (local === undefined)
    return (
      <TextField
        label="Waits until"
        description="A time with its zone, such as 2026-11-22T08:30:00Z."
        mono
        error={error ?? 'This is no time with a zone.'}
        value={formatPlain(until)}
        onChange={(event) => fields.set('until')(event.target.value)}
      />
    )
  return (
    <TextField
      label={`Waits until (${localZone()})`}
      description={
        <>
          In UTC <time dateTime={String(until)}>{utcText(String(until))}</time>. An operator can cut it short.
        </>
      }
      type="datetime-local"
      step={1}
      error={error}
      value={local}
      onChange={(event) => {
        const next = fromLocalInput(event.target.value)
        if (next) fields.set('until')(next)
      }}
    />
  )
}

// Who confirms a command before it runs. Nothing written means: one person, the one who started it included.
import { DurationField } from '@/components/duration-field'
import { NumberField } from '@/components/number-field'
import { Switch } from '@/components/switch'
import { type ConfigFields, isMap } from '@/features/editor/blocks/config-fields'

const kMaxPeople = 100
const kMaxSeconds = 604_800

export function ApprovalSwitch({ fields }: { fields: ConfigFields }) {
  const approval = fields.value('approval')
  const asks = approval !== 'none'
  const required = isMap(approval) ? approval['required'] : undefined
  return (
    <>
      <Switch
        label="Ask for approval before running"
        checked={asks}
        error={fields.error('approval')}
        onChange={(on) => fields.set('approval')(on ? undefined : 'none')}
      />
      {asks && (
        <Switch
          label="By another person"
          checked={isMap(approval) && approval['other_person'] === true}
          error={fields.error('approval', 'other_person')}
          onChange={(on) => fields.set('approval', 'other_person')(on || undefined)}
        />
      )}
      {asks && (
        <div className="w-28">
          <NumberField
            label="Approvers"
            unit={required === undefined || required === 1 ? 'person' : 'people'}
            min={1}
            max={kMaxPeople}
            placeholder="1"
            value={required}
            error={fields.error('approval', 'required')}
            onChange={fields.set('approval', 'required')}
          />
        </div>
      )}
    </>
  )
}

export function ApprovalExpiry({ fields }: { fields: ConfigFields }) {
  if (fields.value('approval') === 'none') return null
  return (
    <DurationField
      label="Approval expires after"
      min={1}
      max={kMaxSeconds}
      placeholder="1h"
      value={fields.value('approval', 'expires_seconds')}
      error={fields.error('approval', 'expires_seconds')}
      onChange={fields.set('approval', 'expires_seconds')}
    />
  )
}

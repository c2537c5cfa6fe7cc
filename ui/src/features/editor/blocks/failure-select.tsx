import { SelectField } from '@/components/field'
import type { BlockFormProps } from '@/features/editor/block-model'

export function FailureSelect({ block, problemAt, change }: BlockFormProps) {
  return (
    <SelectField
      label="If it fails"
      value={block.on_failure ?? 'stop'}
      error={problemAt('/on_failure')}
      onChange={(event) =>
        change(['on_failure'], event.target.value === 'stop' ? undefined : event.target.value)
      }
    >
      <option value="stop">The run fails</option>
      <option value="continue">The run goes on</option>
    </SelectField>
  )
}

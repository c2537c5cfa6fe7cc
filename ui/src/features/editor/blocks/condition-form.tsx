// A condition: what is looked at and compared with what, and where both answers lead.
import { useState } from 'react'

import { Choice } from '@/components/choice'
import type { BlockFormProps } from '@/features/editor/block-model'
import { BranchFields } from '@/features/editor/blocks/branch-fields'
import { CodeField } from '@/features/editor/blocks/code-field'
import { ConditionBuilder } from '@/features/editor/blocks/condition-builder'
import { readCondition } from '@/features/editor/blocks/condition-expression'
import { makeKindOf } from '@/features/editor/blocks/condition-sides'
import { configFields } from '@/features/editor/blocks/config-fields'
import { ExtraFields } from '@/features/editor/blocks/extra-fields'

const kModes = [
  { value: 'builder', label: 'Builder' },
  { value: 'expression', label: 'Expression' },
] as const

export function ConditionForm(props: BlockFormProps) {
  const fields = configFields(props)
  const expression = fields.text('expression')
  const readable =
    expression.trim() === '' || readCondition(expression, makeKindOf(props.parameters)) !== undefined
  const [wanted, setWanted] = useState<'builder' | 'expression'>('builder')
  const mode = wanted === 'builder' && readable ? 'builder' : 'expression'
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <Choice label="How the condition is written" options={kModes} value={mode} onChange={setWanted} />
        {wanted === 'builder' && !readable && (
          <p role="note" className="text-mute">
            The builder cannot show this expression.
          </p>
        )}
      </div>
      {mode === 'builder' ? (
        <ConditionBuilder
          props={props}
          expression={expression}
          error={fields.error('expression') ?? fields.error()}
          onChange={fields.set('expression')}
        />
      ) : (
        <CodeField
          props={props}
          language="cel"
          label="Expression"
          description="CEL that gives true or false, such as steps.check.exit_code == 0 && params.force"
          error={fields.error('expression') ?? fields.error()}
          value={fields.value('expression')}
          onChange={(next) => {
            setWanted('expression')
            fields.set('expression')(next)
          }}
          minRows={2}
        />
      )}
      <BranchFields props={props} fields={fields} />
      <ExtraFields props={props} known={['expression', 'then', 'else']} />
    </>
  )
}

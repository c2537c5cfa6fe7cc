// The form of one block, by its type.
import type { ReactNode } from 'react'

import type { BlockFormProps, BlockType } from '@/features/editor/block-model'
import { ApiForm } from '@/features/editor/blocks/api-form'
import { CommandForm } from '@/features/editor/blocks/command-form'
import { FlowFields } from '@/features/editor/blocks/flow-fields'
import { ConditionForm } from '@/features/editor/blocks/condition-form'
import { InstructionForm } from '@/features/editor/blocks/instruction-form'
import { TimerForm } from '@/features/editor/blocks/timer-form'

const kForms: Record<BlockType, (props: BlockFormProps) => ReactNode> = {
  instruction: InstructionForm,
  command: CommandForm,
  api: ApiForm,
  condition: ConditionForm,
  timer: TimerForm,
}

export function BlockForm(props: BlockFormProps) {
  const Form = kForms[props.block.type]
  return (
    <div className="flex flex-col gap-4">
      <Form {...props} />
      <FlowFields {...props} />
    </div>
  )
}

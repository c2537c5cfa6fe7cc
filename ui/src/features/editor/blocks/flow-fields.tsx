// What blocks of every type have beside their configuration: what a failure does, when they are skipped, and
// the name others call them by. A command shows the first beside its approval.
import { TextField } from '@/components/field'
import { More } from '@/components/more'
import { type BlockFormProps, type EditedBlock, slugsOf } from '@/features/editor/block-model'
import { FailureSelect } from '@/features/editor/blocks/failure-select'
import { slugOptions } from '@/features/editor/blocks/condition-sides'

export function FlowFields(props: BlockFormProps) {
  const { block, before, after, problemAt, change } = props
  const all = [...before, block, ...after]
  const slug = slugsOf(all)[before.length] ?? ''
  const derived = slugsOf(all.map((each) => (each === block ? withoutSlug(each) : each)))[before.length]
  const needed =
    block.when !== undefined ||
    (block.on_failure === 'continue' && block.type !== 'command') ||
    (block.slug !== undefined && block.slug !== derived) ||
    ['/slug', '/when', '/on_failure'].some((pointer) => problemAt(pointer) !== undefined)
  const referred = slugOptions(before, block, after).earlier.length > 0
  return (
    <More label="Flow and name" needed={needed}>
      <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2">
        {block.type !== 'command' && <FailureSelect {...props} />}
        <TextField
          label="Name in expressions"
          description={`Others read it as steps.${slug}`}
          mono
          placeholder={derived}
          value={block.slug ?? ''}
          error={problemAt('/slug')}
          onChange={(event) => change(['slug'], event.target.value === '' ? undefined : event.target.value)}
        />
      </div>
      <TextField
        label="Only when"
        description="A CEL expression; the block is skipped when it is false."
        optional
        mono
        placeholder={referred ? 'steps.check.exit_code == 0' : 'params.force'}
        value={block.when ?? ''}
        error={problemAt('/when')}
        onChange={(event) => change(['when'], event.target.value === '' ? undefined : event.target.value)}
      />
    </More>
  )
}

function withoutSlug(block: EditedBlock): EditedBlock {
  const rest = { ...block }
  delete rest.slug
  return rest
}

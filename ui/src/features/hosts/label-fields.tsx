// Labels of a host or a token, edited. Kubernetes' rules are told while typing; the server's faults stand at
// the label they are about.
import { KeyValueList } from '@/components/key-value-list'
import type { ApiError } from '@/lib/api-client'
import { labelFault, labelKeyFault, labelPointer, labelValueFault } from '@/lib/labels'
import type { Labels } from '@/lib/model'

interface Props {
  value: Labels
  onChange: (labels: Labels) => void
  problem: ApiError | undefined
  description?: string
}

export function LabelFields({ value, onChange, problem, description }: Props) {
  return (
    <KeyValueList
      label="Labels"
      description={description ?? 'Such as role = web. Targets choose hosts by them.'}
      error={problem?.faultAt('/labels')}
      errorAt={(key) => problem?.faultAt(labelPointer(key)) ?? labelValueFault(value[key] ?? '')}
      value={value}
      nameLabel="Label"
      addLabel="Add a label"
      nameFault={labelKeyFault}
      onSet={(key, text) => onChange({ ...value, [key]: text })}
      onReplace={(all) => onChange((all ?? {}) as Labels)}
    />
  )
}

export function labelsFault(labels: Labels): string | undefined {
  const wrong = Object.entries(labels).find(([key, text]) => labelFault(key, text) !== undefined)
  return wrong && `The label "${wrong[0]}" is not valid.`
}

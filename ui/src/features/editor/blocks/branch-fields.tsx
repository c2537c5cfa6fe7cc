// Where a condition leads: on, to the end, to a failure, or to a later block. Never backwards.
import { CornerDownRight } from 'lucide-react'

import { SelectField } from '@/components/field'
import type { BlockFormProps } from '@/features/editor/block-model'
import { type SlugOption, slugOptions } from '@/features/editor/blocks/condition-sides'
import { type ConfigFields, isMap } from '@/features/editor/blocks/config-fields'
import { counted } from '@/lib/format'

const kGoto = 'goto '

export function branchValue(branch: unknown): string {
  if (isMap(branch) && typeof branch['goto'] === 'string') return kGoto + branch['goto']
  return typeof branch === 'string' ? branch : 'continue'
}

export function readBranch(value: string): unknown {
  if (value.startsWith(kGoto)) return { goto: value.slice(kGoto.length) }
  return value
}

function leadsTo(value: string, later: SlugOption[]): string {
  if (value === 'end') return 'the run ends'
  if (value === 'fail') return 'the run fails'
  if (value === 'continue')
    return later[0] ? `goes on with ${later[0].label}` : 'the run ends: no block follows'
  const at = later.findIndex((each) => each.slug === value.slice(kGoto.length))
  if (at < 0) return 'leads to no later block'
  return `goes to ${later[at]?.label}${at > 0 ? ` and skips ${counted(at, 'block')}` : ''}`
}

export function BranchFields({ props, fields }: { props: BlockFormProps; fields: ConfigFields }) {
  const { later } = slugOptions(props.before, props.block, props.after)
  const yes = branchValue(fields.value('then'))
  const no = branchValue(fields.value('else'))
  return (
    <div className="flex flex-col gap-2">
      <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2">
        <BranchSelect label="If true" name="then" value={yes} {...{ fields, later }} />
        <BranchSelect label="If false" name="else" value={no} {...{ fields, later }} />
      </div>
      <ul aria-label="Where it leads" className="flex flex-col gap-1 text-small text-mute">
        <Lead word="True" text={leadsTo(yes, later)} />
        <Lead word="False" text={leadsTo(no, later)} />
      </ul>
    </div>
  )
}

function Lead({ word, text }: { word: string; text: string }) {
  return (
    <li className="flex items-center gap-1.5">
      <CornerDownRight aria-hidden size={13} />
      {word}: {text}
    </li>
  )
}

interface SelectProps {
  label: string
  name: 'then' | 'else'
  value: string
  fields: ConfigFields
  later: SlugOption[]
}

function BranchSelect({ label, name, value, fields, later }: SelectProps) {
  const slug = value.startsWith(kGoto) ? value.slice(kGoto.length) : undefined
  const lost = slug !== undefined && !later.some((each) => each.slug === slug)
  const odd = slug === undefined && !['continue', 'end', 'fail'].includes(value)
  const error = fields.errorWithin(name) ?? (lost ? `No later block is called ${slug}.` : undefined)
  return (
    <SelectField
      label={label}
      value={value}
      error={error}
      onChange={(event) => fields.set(name)(readBranch(event.target.value))}
    >
      {(lost || odd) && <option value={value}>{slug ?? value}</option>}
      <option value="continue">Go on</option>
      <option value="end">End the run</option>
      <option value="fail">Fail the run</option>
      {later.length > 0 && (
        <optgroup label="Go to">
          {later.map((each) => (
            <option key={each.slug} value={kGoto + each.slug}>
              {each.label}
            </option>
          ))}
        </optgroup>
      )}
    </SelectField>
  )
}

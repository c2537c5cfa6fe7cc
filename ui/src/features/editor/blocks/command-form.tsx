// A command: what runs, on which hosts, how many at a time, and who confirms it first.
import { Choice } from '@/components/choice'
import { DurationField } from '@/components/duration-field'
import { TextField } from '@/components/field'
import { More } from '@/components/more'
import { NumberField } from '@/components/number-field'
import type { BlockFormProps } from '@/features/editor/block-model'
import { ApprovalSwitch } from '@/features/editor/blocks/approval-fields'
import { ArgumentList } from '@/features/editor/blocks/argument-list'
import { FailureSelect } from '@/features/editor/blocks/failure-select'
import { CodeField } from '@/features/editor/blocks/code-field'
import { CommandMore, isMoreNeeded, kMoreFields } from '@/features/editor/blocks/command-more'
import { type ConfigFields, configFields, configWith } from '@/features/editor/blocks/config-fields'
import { ExtraFields } from '@/features/editor/blocks/extra-fields'
import { PolicyOffer } from '@/features/editor/blocks/policy-offer'
import { TargetsField } from '@/features/editor/blocks/targets-field'

const kKinds = [
  { value: 'command', label: 'Script' },
  { value: 'argv', label: 'Arguments' },
] as const
const kKnown = [
  'command',
  'argv',
  'targets',
  'run_as',
  'timeout_seconds',
  'rollout',
  'approval',
  ...kMoreFields,
]
const kMaxHosts = 1_000_000

export function CommandForm(props: BlockFormProps) {
  const fields = configFields(props)
  const { config } = props.block
  const kind = 'argv' in config && !('command' in config) ? 'argv' : 'command'
  const choose = (next: 'command' | 'argv') =>
    fields.replace(
      next === 'argv'
        ? configWith(config, ['command', 'argv', 'shell'], { argv: [''] })
        : configWith(config, ['command', 'argv'], { command: '' }),
    )
  const kinds = <Choice label="Kind of command" options={kKinds} value={kind} onChange={choose} />
  return (
    <>
      {kind === 'argv' ? (
        <ArgumentList fields={fields} end={kinds} />
      ) : (
        <CodeField
          props={props}
          language="shell"
          label="Script"
          end={kinds}
          error={fields.error('command') ?? fields.error()}
          value={fields.value('command')}
          onChange={fields.set('command')}
          minRows={4}
        />
      )}
      <PolicyOffer fields={fields} />
      <TargetsField fields={fields} />
      <MainFields fields={fields} />
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
        <ApprovalSwitch fields={fields} />
        <div className="w-36 md:ml-auto">
          <FailureSelect {...props} />
        </div>
      </div>
      <More needed={isMoreNeeded(fields)}>
        <CommandMore fields={fields} shell={kind === 'command'} />
      </More>
      <ExtraFields props={props} known={kKnown} />
    </>
  )
}

function MainFields({ fields }: { fields: ConfigFields }) {
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <TextField
        label="Run as"
        placeholder="the agent's user"
        value={fields.text('run_as')}
        error={fields.error('run_as')}
        onChange={(event) => fields.setText('run_as')(event.target.value)}
      />
      <NumberField
        label="At a time"
        unit="hosts"
        percent
        min={1}
        max={kMaxHosts}
        placeholder="all"
        value={fields.value('rollout', 'max_parallel')}
        error={fields.error('rollout', 'max_parallel') ?? fields.error('rollout')}
        onChange={fields.set('rollout', 'max_parallel')}
      />
      <DurationField
        label="Timeout"
        min={1}
        placeholder="1h"
        value={fields.value('timeout_seconds')}
        error={fields.error('timeout_seconds')}
        onChange={fields.set('timeout_seconds')}
      />
      <NumberField
        label="Failures allowed"
        unit="hosts"
        percent
        min={0}
        max={kMaxHosts}
        placeholder="0"
        value={fields.value('rollout', 'max_failures')}
        error={fields.error('rollout', 'max_failures')}
        onChange={fields.set('rollout', 'max_failures')}
      />
    </div>
  )
}

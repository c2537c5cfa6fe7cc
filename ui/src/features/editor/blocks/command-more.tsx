// What few commands need: shell, folder, environment, retries, and what happens without a connection.
import { DurationField } from '@/components/duration-field'
import { SelectField, TextField } from '@/components/field'
import { KeyValueList } from '@/components/key-value-list'
import { NumberField } from '@/components/number-field'
import { ApprovalExpiry } from '@/features/editor/blocks/approval-fields'
import { type ConfigFields, isMap, isSet } from '@/features/editor/blocks/config-fields'
import { CredentialNames } from '@/features/editor/blocks/credential-fields'
import { NamesField } from '@/features/editor/blocks/names-field'
import { ShellField } from '@/features/editor/blocks/shell-field'

export const kMoreFields = [
  'shell',
  'working_directory',
  'environment',
  'credentials',
  'stop_grace_seconds',
  'retries',
  'on_offline',
  'on_disconnect',
  'output',
  'allow',
]
// An administrator may have added others.
const kAllowWords = [
  'pipe',
  'and_or',
  'sequence',
  'background',
  'subshell',
  'substitution',
  'process_substitution',
  'input',
  'output',
  'here_document',
  'unread',
  'rm_root',
  'mkfs',
  'dd_device',
  'fork_bomb',
]
const kMaxRetries = 10
const kMaxGraceSeconds = 3600

const kDefaults: Record<string, unknown[]> = {
  shell: ['/bin/sh', ['/bin/sh', '-c']],
  stop_grace_seconds: [10],
  retries: [0],
  on_offline: ['fail'],
  on_disconnect: ['continue'],
  output: ['auto'],
}

export function isMoreNeeded(fields: ConfigFields): boolean {
  const expiry = fields.value('approval', 'expires_seconds')
  return (
    kMoreFields.some(
      (name) =>
        isSet(fields.value(name), ...(kDefaults[name] ?? [])) || fields.errorWithin(name) !== undefined,
    ) || isSet(expiry, 3600)
  )
}

function variableFault(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return 'A name has letters, digits and _, and begins with no digit.'
  return name.startsWith('RUNBOOK_') ? 'Names that begin with RUNBOOK_ are the controller’s.' : undefined
}

export function CommandMore({ fields, shell }: { fields: ConfigFields; shell: boolean }) {
  return (
    <>
      <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {shell && <ShellField fields={fields} />}
        <TextField
          label="Working directory"
          mono
          placeholder="/"
          value={fields.text('working_directory')}
          error={fields.error('working_directory')}
          onChange={(event) => fields.setText('working_directory')(event.target.value)}
        />
        <NumberField
          label="Retries"
          description="Repeats on the hosts that failed."
          min={0}
          max={kMaxRetries}
          placeholder="0"
          value={fields.value('retries')}
          error={fields.error('retries')}
          onChange={fields.set('retries')}
        />
        <DurationField
          label="Grace when stopped"
          description="Between TERM and KILL."
          max={kMaxGraceSeconds}
          placeholder="10s"
          value={fields.value('stop_grace_seconds')}
          error={fields.error('stop_grace_seconds')}
          onChange={fields.set('stop_grace_seconds')}
        />
        <ApprovalExpiry fields={fields} />
        <Connection fields={fields} />
        <SelectField
          label="Output faster than it can be kept"
          value={fields.text('output') || 'auto'}
          error={fields.error('output')}
          onChange={(event) =>
            fields.set('output')(event.target.value === 'auto' ? undefined : event.target.value)
          }
        >
          <OwnOption value={fields.text('output')} known={['auto', 'block']} />
          <option value="auto">Chosen by the agent</option>
          <option value="block">The command waits</option>
        </SelectField>
      </div>
      <KeyValueList
        label="Environment"
        description="Values may hold ${{ }}."
        nameLabel="Variable"
        addLabel="Add a variable"
        value={fields.value('environment')}
        error={fields.error('environment')}
        errorAt={(name) => fields.error('environment', name)}
        nameFault={variableFault}
        onSet={(name, value) => fields.set('environment', name)(value)}
        onReplace={fields.set('environment')}
      />
      <CredentialNames fields={fields} />
      <Allowed fields={fields} />
    </>
  )
}

function Allowed({ fields }: { fields: ConfigFields }) {
  return (
    <NamesField
      label="Allowed in spite of the command policy"
      description="What this command means to do; write:/etc/motd lets it write there."
      fields={fields}
      name="allow"
      suggestions={kAllowWords}
      placeholder="Add a word…"
    />
  )
}

// A value the list does not offer is shown, not lost.
function OwnOption({ value, known }: { value: string; known: string[] }) {
  return value === '' || known.includes(value) ? null : <option value={value}>{value}</option>
}

function Connection({ fields }: { fields: ConfigFields }) {
  const disconnect = fields.value('on_disconnect')
  const stops = isMap(disconnect)
  const offline = fields.text('on_offline')
  return (
    <>
      <SelectField
        label="Host without its agent"
        value={offline || 'fail'}
        error={fields.error('on_offline')}
        onChange={(event) =>
          fields.set('on_offline')(event.target.value === 'fail' ? undefined : event.target.value)
        }
      >
        <OwnOption value={offline} known={['fail', 'wait']} />
        <option value="fail">Fails after 30 seconds</option>
        <option value="wait">Is waited for until the timeout</option>
      </SelectField>
      <SelectField
        label="Agent loses the controller"
        value={stops ? 'stop' : 'continue'}
        error={fields.error('on_disconnect')}
        onChange={(event) =>
          fields.set('on_disconnect')(event.target.value === 'stop' ? { stop_after: 300 } : undefined)
        }
      >
        <option value="continue">The command goes on</option>
        <option value="stop">The command is stopped after a while</option>
      </SelectField>
      {stops && (
        <DurationField
          label="Stopped after"
          min={1}
          value={disconnect['stop_after']}
          error={fields.error('on_disconnect', 'stop_after')}
          onChange={fields.set('on_disconnect', 'stop_after')}
        />
      )}
    </>
  )
}

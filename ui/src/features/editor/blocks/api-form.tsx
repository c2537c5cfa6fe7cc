// A request from the controller.
import { DurationField } from '@/components/duration-field'
import { SelectField, TextField } from '@/components/field'
import { KeyValueList } from '@/components/key-value-list'
import { More } from '@/components/more'
import { NumberField } from '@/components/number-field'
import { useTypedText } from '@/components/use-typed-text'
import type { BlockFormProps } from '@/features/editor/block-model'
import { BodyField } from '@/features/editor/blocks/body-field'
import { type ConfigFields, configFields, isSet } from '@/features/editor/blocks/config-fields'
import { ApiCredential } from '@/features/editor/blocks/credential-fields'
import { ExtraFields } from '@/features/editor/blocks/extra-fields'
import { readStatuses, statusFault, statusText } from '@/features/editor/blocks/status-list'

const kMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const kRepeatable = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']
const kMaxSeconds = 3600
const kMaxRetries = 10
const kMoreFields = ['query', 'credential', 'auth', 'retries', 'idempotent']
const kKnown = ['method', 'url', 'headers', 'body', 'expected_status', 'timeout_seconds', ...kMoreFields]

export function ApiForm(props: BlockFormProps) {
  const fields = configFields(props)
  const needed = kMoreFields.some(
    (name) =>
      isSet(fields.value(name), ...(name === 'retries' ? [3] : [])) || fields.errorWithin(name) !== undefined,
  )
  return (
    <>
      <RequestLine fields={fields} />
      <KeyValueList
        label="Headers"
        nameLabel="Header"
        addLabel="Add a header"
        value={fields.value('headers')}
        error={fields.error('headers')}
        errorAt={(name) => fields.error('headers', name)}
        onSet={(name, value) => fields.set('headers', name)(value)}
        onReplace={fields.set('headers')}
      />
      <BodyField fields={fields} />
      <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2">
        <StatusField fields={fields} />
        <DurationField
          label="Timeout"
          description="Of all tries together."
          min={1}
          max={kMaxSeconds}
          placeholder="30s"
          value={fields.value('timeout_seconds')}
          error={fields.error('timeout_seconds')}
          onChange={fields.set('timeout_seconds')}
        />
      </div>
      <More needed={needed}>
        <ApiMore fields={fields} />
      </More>
      <ExtraFields props={props} known={kKnown} />
    </>
  )
}

function RequestLine({ fields }: { fields: ConfigFields }) {
  const method = fields.text('method')
  return (
    <div className="flex flex-wrap items-start gap-3">
      <div className="w-28">
        <SelectField
          label="Method"
          value={method || 'GET'}
          error={fields.error('method')}
          onChange={(event) => fields.set('method')(event.target.value)}
        >
          {!kMethods.includes(method) && method !== '' && <option value={method}>{method}</option>}
          {kMethods.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </SelectField>
      </div>
      <div className="min-w-52 flex-1">
        <TextField
          label="URL"
          mono
          placeholder="https://status.example/api/${{ params.service }}"
          value={fields.text('url')}
          error={fields.error('url') ?? fields.error()}
          onChange={(event) => fields.set('url')(event.target.value)}
        />
      </div>
    </div>
  )
}

function StatusField({ fields }: { fields: ConfigFields }) {
  const written = fields.value('expected_status')
  const [text, setText] = useTypedText<unknown>(written, statusText, readStatuses)
  return (
    <TextField
      label="Expected status"
      description="Numbers and ranges, with commas between."
      mono
      placeholder="200..299"
      value={text}
      error={fields.errorWithin('expected_status') ?? statusFault(written)}
      onChange={(event) => {
        setText(event.target.value)
        fields.set('expected_status')(readStatuses(event.target.value))
      }}
    />
  )
}

function ApiMore({ fields }: { fields: ConfigFields }) {
  const idempotent = fields.value('idempotent')
  const byMethod = kRepeatable.includes(fields.text('method') || 'GET') ? 'yes' : 'no'
  return (
    <>
      <KeyValueList
        label="Query"
        nameLabel="Query name"
        addLabel="Add to the query"
        value={fields.value('query')}
        error={fields.error('query')}
        errorAt={(name) => fields.error('query', name)}
        onSet={(name, value) => fields.set('query', name)(value)}
        onReplace={fields.set('query')}
      />
      <ApiCredential fields={fields} />
      <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2">
        <NumberField
          label="Retries"
          description="Repeats after the first try, of requests that may be repeated."
          min={0}
          max={kMaxRetries}
          placeholder="3"
          value={fields.value('retries')}
          error={fields.error('retries')}
          onChange={fields.set('retries')}
        />
        <SelectField
          label="May be repeated"
          value={idempotent === undefined || idempotent === null ? '' : String(idempotent)}
          error={fields.error('idempotent')}
          onChange={(event) =>
            fields.set('idempotent')(event.target.value === '' ? undefined : event.target.value === 'true')
          }
        >
          <option value="">By its method ({byMethod})</option>
          <option value="true">Yes</option>
          <option value="false">No</option>
        </SelectField>
      </div>
    </>
  )
}

// Where a command runs: hosts of its own, or those chosen when the runbook is started.
import { Choice } from '@/components/choice'
import { FieldGroup } from '@/components/field-group'
import { type ConfigFields, isMap } from '@/features/editor/blocks/config-fields'
import type { Targets } from '@/lib/model'
import { TargetPicker } from '@/modules/fleet/target-picker'

const kKinds = [
  { value: 'own', label: 'These hosts' },
  { value: 'run', label: 'Chosen when it runs' },
] as const

function readTargets(value: unknown): Targets {
  if (!isMap(value)) return {}
  const selector = value['selector']
  const hosts = value['hosts']
  return {
    ...(typeof selector === 'string' && { selector }),
    ...(Array.isArray(hosts) && { hosts: hosts.map(String) }),
  }
}

export function TargetsField({ fields }: { fields: ConfigFields }) {
  const written = fields.value('targets')
  const own = written !== undefined && written !== null
  const targets = readTargets(written)
  const change = (next: Targets) => {
    // What is no longer said is left out; nothing said is still "these hosts", which the server refuses.
    const selector = next.selector === '' && next.hosts?.length ? undefined : next.selector
    const hosts = next.hosts?.length ? next.hosts : undefined
    fields.set('targets')({ ...(selector !== undefined && { selector }), ...(hosts && { hosts }) })
  }
  const choose = (kind: 'own' | 'run') => fields.set('targets')(kind === 'own' ? { selector: '' } : undefined)
  return (
    <FieldGroup
      label="Run on hosts"
      error={own ? undefined : fields.error('targets')}
      description={own ? undefined : 'Whoever starts the runbook chooses the hosts.'}
      end={<Choice label="Hosts" options={kKinds} value={own ? 'own' : 'run'} onChange={choose} />}
    >
      {own && (
        <TargetPicker
          value={targets}
          onChange={change}
          error={fields.error('targets')}
          selectorError={fields.error('targets', 'selector')}
          hostsError={fields.errorWithin('targets', 'hosts')}
        />
      )}
    </FieldGroup>
  )
}

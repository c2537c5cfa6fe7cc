import { FactList } from '@/components/fact-list'
import { Section } from '@/components/section'
import { SkeletonRows } from '@/components/notice'
import { StatusText } from '@/components/status'
import { useProbe } from '@/features/settings/api'
import { SettingsFrame } from '@/features/settings/settings-frame'
import { count } from '@/lib/format'
import { uiVersion } from '@/lib/ui-version'
import { useMe } from '@/lib/use-me'
import { useAgentCounts } from '@/modules/fleet/api'

export function SystemPage() {
  const me = useMe().data
  const counts = useAgentCounts({ name: '', selector: '' }).data
  return (
    <SettingsFrame title="System">
      <Section title="Controller">
        <FactList
          facts={[
            [
              'Version',
              <code key="v" className="font-mono text-small">
                {me?.version ?? '–'}
              </code>,
            ],
            [
              'User interface',
              <code key="u" className="font-mono text-small">
                {uiVersion() ?? '–'}
              </code>,
            ],
            ['Process', <Health key="h" path="healthz" good="Alive" />],
            ['Database', <Health key="r" path="readyz" good="Ready" />],
          ]}
        />
      </Section>
      <Section title="Agents">
        {counts ? (
          <FactList
            facts={[
              [
                'Connected',
                <StatusText key="o" status="online">
                  {count(counts.online)}
                </StatusText>,
              ],
              [
                'Offline',
                <StatusText key="f" status="offline">
                  {count(counts.offline)}
                </StatusText>,
              ],
              [
                'Draining',
                <StatusText key="d" status="draining">
                  {count(counts.draining)}
                </StatusText>,
              ],
              [
                'Outdated',
                <StatusText key="u" status="outdated">
                  {count(counts.outdated)}
                </StatusText>,
              ],
            ]}
          />
        ) : (
          <SkeletonRows rows={4} />
        )}
      </Section>
      <Section title="For programs">
        <ul className="flex flex-col gap-2">
          <Document href="/openapi.json" name="Description of the API" detail="OpenAPI 3.1" />
          <Document href="/runbook.schema.json" name="Schema of a runbook" detail="JSON Schema" />
          <Document href="/metrics" name="Metrics" detail="Prometheus text format" />
        </ul>
      </Section>
    </SettingsFrame>
  )
}

function Health({ path, good }: { path: 'healthz' | 'readyz'; good: string }) {
  const probe = useProbe(path).data
  if (!probe) return <StatusText status="pending">Asking…</StatusText>
  return probe.good ? (
    <StatusText status="success">{good}</StatusText>
  ) : (
    <StatusText status="failed">{probe.text}</StatusText>
  )
}

function Document({ href, name, detail }: { href: string; name: string; detail: string }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3">
      <a href={href} target="_blank" rel="noopener" className="rounded-sm text-accent underline">
        {name}
      </a>
      <code className="font-mono text-small text-mute">{href}</code>
      <span className="text-mute">{detail}</span>
    </li>
  )
}

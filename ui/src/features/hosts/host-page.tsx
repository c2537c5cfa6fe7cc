import { CirclePause, CirclePlay, Pencil, ShieldOff } from 'lucide-react'
import { useState } from 'react'
import { useParams } from 'react-router'

import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { Button } from '@/components/button'
import { LabelChips } from '@/components/label-chips'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { Page } from '@/components/page'
import { Section } from '@/components/section'
import { StatusPill, StatusText } from '@/components/status'
import { useAgent, useChangeAgent, useWorkEvents } from '@/features/hosts/api'
import { HostFacts } from '@/features/hosts/host-facts'
import { HostRuns } from '@/features/hosts/host-runs'
import { LabelsDialog } from '@/features/hosts/labels-dialog'
import { RevokeDialog } from '@/features/hosts/revoke-dialog'
import { toApiError } from '@/lib/api-client'
import type { Agent } from '@/lib/model'
import { whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'
import { isOutdated } from '@/modules/fleet/outdated'

export function HostPage() {
  const { id = '' } = useParams()
  const agent = useAgent(id)
  useWorkEvents()
  if (agent.data) return <Host agent={agent.data} />
  if (agent.isPending)
    return (
      <Page title="Host">
        <SkeletonRows />
      </Page>
    )
  const missing = toApiError(agent.error).status === 404
  return (
    <Page title={missing ? 'No such host' : 'Host'}>
      <ErrorState
        what={missing ? 'There is no host at this address.' : 'The host could not be loaded.'}
        error={agent.error}
        {...(!missing && { onRetry: () => void agent.refetch() })}
      />
    </Page>
  )
}

function Host({ agent }: { agent: Agent }) {
  const me = useMe().data
  return (
    <Page
      title={agent.host}
      heading={
        <>
          <StatusPill status={agent.status} />
          {isOutdated(agent, me?.version) && <StatusText status="outdated" />}
        </>
      }
      actions={<Actions agent={agent} />}
    >
      <BreadcrumbEnd title={agent.host} />
      <div className="flex flex-col gap-4">
        <div className="grid gap-4 lg:grid-cols-2">
          <HostFacts agent={agent} controllerVersion={me?.version} />
          <HostLabels agent={agent} />
        </div>
        <HostRuns agent={agent} work="current" />
        <HostRuns agent={agent} work="recent" />
      </div>
    </Page>
  )
}

// Why an administrator's action on this host is not possible, if it is not.
function useWhyNot(agent: Agent): string | undefined {
  const roles = useMe().data?.roles ?? []
  const revoked = agent.status === 'revoked' ? 'The host is revoked. Enrol it again to use it.' : undefined
  return whyNot(roles, 'hosts', { hosts: [agent.labels] }) ?? revoked
}

function HostLabels({ agent }: { agent: Agent }) {
  const [editing, setEditing] = useState(false)
  return (
    <Section
      title="Labels"
      actions={
        <Button
          icon={<Pencil aria-hidden size={14} />}
          reason={useWhyNot(agent)}
          onClick={() => setEditing(true)}
        >
          Edit labels
        </Button>
      }
    >
      <LabelChips labels={agent.labels} />
      {editing && <LabelsDialog agent={agent} onClose={() => setEditing(false)} />}
    </Section>
  )
}

function Actions({ agent }: { agent: Agent }) {
  const [revoking, setRevoking] = useState(false)
  const change = useChangeAgent(agent.id)
  const reason = useWhyNot(agent)
  const draining = agent.status === 'draining'
  const Icon = draining ? CirclePlay : CirclePause
  return (
    <>
      <Button
        icon={<Icon aria-hidden size={15} />}
        reason={reason}
        disabled={change.isPending}
        onClick={() => change.mutate({ draining: !draining })}
      >
        {draining ? 'Take new work again' : 'Drain'}
      </Button>
      <Button
        kind="danger"
        icon={<ShieldOff aria-hidden size={15} />}
        reason={reason}
        onClick={() => setRevoking(true)}
      >
        Revoke
      </Button>
      {change.isError && (
        <ErrorState what={draining ? 'It still drains.' : 'It was not drained.'} error={change.error} />
      )}
      {revoking && <RevokeDialog agent={agent} onClose={() => setRevoking(false)} />}
    </>
  )
}

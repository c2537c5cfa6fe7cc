// Starts a runbook: inputs, hosts, how its commands are confirmed, what would happen, and a button that says
// on how many hosts.
import { FlaskConical, Play } from 'lucide-react'
import type { ReactNode } from 'react'

import { Button } from '@/components/button'
import { Sheet } from '@/components/dialog'
import { TextField } from '@/components/field'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { useRunbook } from '@/features/runbooks/api'
import { approvalPlan, planText } from '@/features/runbooks/approval-plan'
import { DryRunView } from '@/features/runbooks/dry-run-view'
import { RunApproval } from '@/features/runbooks/run-approval'
import { RunHosts } from '@/features/runbooks/run-hosts'
import { type RunForm, fieldFaults, useRunForm } from '@/features/runbooks/use-run-form'
import { counted } from '@/lib/format'
import { type Runbook, isCommand } from '@/lib/model'
import { ParameterFields } from '@/modules/parameters/parameter-fields'

interface Props {
  runbookId: string | undefined // open while there is one
  onClose: () => void
}

export function RunSheet({ runbookId, onClose }: Props) {
  const runbook = useRunbook(runbookId)
  if (runbookId === undefined) return null
  if (runbook.data) return <Form key={runbook.data.version.id} runbook={runbook.data} onClose={onClose} />
  return (
    <Sheet open onClose={onClose} title="Run">
      {runbook.isError ? (
        <ErrorState
          what="The runbook could not be loaded."
          error={runbook.error}
          onRetry={() => void runbook.refetch()}
        />
      ) : (
        <SkeletonRows />
      )}
    </Sheet>
  )
}

function Form({ runbook, onClose }: { runbook: Runbook; onClose: () => void }) {
  const form = useRunForm(runbook)
  const faults = fieldFaults(runbook, form.problem)
  const commands = runbook.blocks.some(isCommand)
  return (
    <Sheet
      open
      onClose={onClose}
      title={`Run ${runbook.title}`}
      description={`Version ${runbook.version.version_number}`}
      footer={<Foot runbook={runbook} form={form} onClose={onClose} />}
    >
      <div className="flex flex-col gap-6">
        {form.problem && (
          <ErrorState
            what={form.refusedStart ? 'The execution was not started.' : 'The dry run was refused.'}
            error={form.problem}
          />
        )}
        {runbook.parameters.length > 0 && (
          <Section title="Inputs">
            <ParameterFields
              parameters={runbook.parameters}
              typed={form.typed}
              faults={{ ...faults.parameters, ...form.ownFaults }}
              onChange={form.type}
            />
          </Section>
        )}
        {commands && (
          <Section title="Hosts">
            <RunHosts runbook={runbook} form={form} faults={faults} />
          </Section>
        )}
        {commands && (
          <Section title="Confirmation">
            <RunApproval runbook={runbook} value={form.approval} onChange={form.setApproval} />
          </Section>
        )}
        <Section title="Dry run">
          <Preview form={form} />
        </Section>
        <TextField
          label="Reason"
          optional
          description="Kept with the execution, such as an incident's name."
          error={faults.reason}
          maxLength={1000}
          value={form.reason}
          onChange={(event) => form.setReason(event.target.value)}
        />
      </div>
    </Sheet>
  )
}

function Foot({ runbook, form, onClose }: { runbook: Runbook; form: RunForm; onClose: () => void }) {
  const plan = approvalPlan(runbook.blocks, form.approval)
  const run = plan.length > 0 ? `Run on ${counted(form.hosts.count ?? 0, 'host')}` : 'Run'
  return (
    <>
      <p className="flex-1 basis-60 text-small text-mute">{planText(plan, form.approval)}</p>
      <Button onClick={onClose}>Cancel</Button>
      <Button
        kind="primary"
        icon={<Play aria-hidden size={15} />}
        reason={form.why}
        disabled={form.starting}
        onClick={form.submit}
      >
        {form.starting ? 'Starting…' : run}
      </Button>
    </>
  )
}

function Preview({ form }: { form: RunForm }) {
  const { data, pending, stale } = form.dryRun
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <Button
          icon={<FlaskConical aria-hidden size={15} />}
          reason={form.why}
          disabled={pending}
          onClick={form.preview}
        >
          {pending ? 'Resolving…' : 'Show what would happen'}
        </Button>
        <span className="text-mute">Resolves commands and hosts; runs nothing.</span>
      </div>
      <div aria-live="polite" aria-busy={pending}>
        {data && stale && !pending && (
          <p className="text-waiting">The form has changed since: this shows what it said before.</p>
        )}
        {data && <DryRunView plan={data} />}
      </div>
    </>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  )
}

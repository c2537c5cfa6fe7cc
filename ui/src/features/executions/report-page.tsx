// The record of an execution, to read, print or copy.
import { Check, Copy, FileX, Printer } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Link, useParams } from 'react-router'

import { BreadcrumbEnd } from '@/components/breadcrumb-end'
import { Button, buttonClass } from '@/components/button'
import { EmptyState, ErrorState, SkeletonRows } from '@/components/notice'
import { usePageTitle } from '@/components/page'
import { StatusPill, StatusText } from '@/components/status'
import { useFullExecution } from '@/features/executions/api'
import { type Report, type ReportStep, makeReport, reportMarkdown } from '@/features/executions/report'
import { toApiError } from '@/lib/api-client'
import { counted } from '@/lib/format'
import { type Block, type Execution, hasEnded } from '@/lib/model'
import { paths } from '@/lib/paths'
import { exactTime } from '@/lib/time'
import { useVersion } from '@/lib/use-version'

const kNoBlocks: Block[] = []

export function ReportPage() {
  const { id = '' } = useParams()
  const answer = useFullExecution(id)
  const execution = answer.data
  const version = useVersion(execution?.runbook_id, execution?.version_id)
  usePageTitle(execution ? `Report: ${execution.title}` : 'Report')
  if (execution && !version.isPending)
    return <Written execution={execution} blocks={version.data?.blocks ?? kNoBlocks} />
  if (!answer.isError) return <SkeletonRows />
  if (toApiError(answer.error).status === 404)
    return (
      <EmptyState
        icon={FileX}
        action={
          <Link to={paths.executions} className={buttonClass('plain')}>
            Go to the executions
          </Link>
        }
      >
        There is no such execution. It was removed, or the address is not right.
      </EmptyState>
    )
  return (
    <ErrorState
      what="The report could not be loaded."
      error={answer.error}
      onRetry={() => void answer.refetch()}
    />
  )
}

function Written({ execution, blocks }: { execution: Execution; blocks: Block[] }) {
  const report = useMemo(() => makeReport(execution, blocks), [execution, blocks])
  return (
    <article className="mx-auto flex max-w-240 flex-col gap-6 p-6 max-md:p-4 print:max-w-none print:p-0">
      <BreadcrumbEnd title={`${execution.title}, report`} />
      <header className="flex flex-wrap items-center gap-3">
        <h1 className="text-title font-semibold break-words">{report.title}</h1>
        <StatusPill status={execution.status} />
        <Actions id={execution.id} report={report} />
      </header>
      {!hasEnded(execution.status) && (
        <p className="text-waiting">This execution is not over: the record shows it as it is now.</p>
      )}
      <Facts facts={report.facts} />
      {report.parameters.length > 0 && (
        <section aria-labelledby="values" className="flex flex-col gap-2">
          <h2 id="values" className="text-title font-semibold">
            Values
          </h2>
          <Facts facts={report.parameters} />
        </section>
      )}
      <section aria-labelledby="steps" className="flex flex-col gap-5">
        <h2 id="steps" className="text-title font-semibold">
          Steps
        </h2>
        {report.steps.map((step) => (
          <StepRecord key={step.step.id} step={step} />
        ))}
      </section>
    </article>
  )
}

function Actions({ id, report }: { id: string; report: Report }) {
  const [copied, setCopied] = useState(false)
  const copy = () => void navigator.clipboard.writeText(reportMarkdown(report)).then(() => setCopied(true))
  const CopyIcon = copied ? Check : Copy
  return (
    <div className="ml-auto flex flex-wrap gap-2 print:hidden">
      <Link to={paths.execution(id)} className={buttonClass('plain')}>
        Open the execution
      </Link>
      <Button icon={<CopyIcon aria-hidden size={14} />} onClick={copy} onBlur={() => setCopied(false)}>
        {copied ? 'Copied' : 'Copy as Markdown'}
      </Button>
      <Button icon={<Printer aria-hidden size={14} />} onClick={() => window.print()}>
        Print
      </Button>
    </div>
  )
}

const kTime = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

function Facts({ facts }: { facts: [string, string][] }) {
  return (
    <dl className="grid grid-cols-[minmax(110px,auto)_minmax(0,1fr)] gap-x-4 gap-y-1">
      {facts.map(([name, value], index) => (
        <div key={`${name} ${index}`} className="contents">
          <dt className="text-mute">{name}</dt>
          <dd className="break-words">
            {kTime.test(value) ? <time dateTime={value}>{exactTime(value)}</time> : value}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function StepRecord({ step }: { step: ReportStep }) {
  return (
    <section className="flex flex-col gap-2 border-t border-line pt-4 print:break-inside-avoid-page">
      <div className="flex flex-wrap items-center gap-3">
        <h3 className="font-semibold">{step.title}</h3>
        <StatusText status={step.step.status} />
        {step.took && <span className="tabular text-mute">{step.took}</span>}
      </div>
      {step.what && <Text label={`What step ${step.title} does`} text={step.what} />}
      <Facts facts={step.facts} />
      {step.hosts.length > 0 && <Hosts step={step} />}
      {step.output && (
        <>
          <h4 className="text-small text-mute">Last lines of the output</h4>
          <Text label={`Last lines of ${step.title}`} text={step.output} />
        </>
      )}
    </section>
  )
}

function Text({ label, text }: { label: string; text: string }) {
  /* eslint-disable jsx-a11y/no-noninteractive-tabindex -- long texts scroll inside */
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label={label}
      className={
        'max-h-80 overflow-auto rounded-md border border-line bg-surface px-3 py-2 font-mono ' +
        'text-[12px]/[18px] break-words whitespace-pre-wrap print:max-h-none'
      }
    >
      {text}
    </pre>
  )
  /* eslint-enable jsx-a11y/no-noninteractive-tabindex */
}

function Hosts({ step }: { step: ReportStep }) {
  return (
    <div className="overflow-x-auto">
      <table aria-label={`Hosts of ${step.title}`} className="w-full text-left">
        <thead>
          <tr className="border-b border-line text-small text-mute">
            {['Host', 'State', 'Exit', 'Took', 'Reason'].map((name) => (
              <th key={name} scope="col" className="py-1 pr-4 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {step.hosts.map((host) => (
            <tr key={host.host} className="border-b border-line last:border-0">
              <td className="py-1 pr-4 font-mono text-small break-all">{host.host}</td>
              <td className="pr-4">{host.state}</td>
              <td className="tabular pr-4">{host.exit}</td>
              <td className="tabular pr-4">{host.took}</td>
              <td className="pr-4">{host.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {step.hostsLeftOut > 0 && (
        <p className="pt-1 text-mute">And {counted(step.hostsLeftOut, 'more host')}.</p>
      )}
    </div>
  )
}

// What a request met: its tries, and the status, headers and body of its answer. Text only.
import { ChevronRight, Download } from 'lucide-react'

import { ErrorState } from '@/components/notice'
import { useAnswerText } from '@/features/executions/api'
import { bytes, count } from '@/lib/format'
import { prettyJson } from '@/lib/json-text'
import type { ApiTry, Step } from '@/lib/model'
import { outputPath } from '@/lib/paths'
import { between, exactTime } from '@/lib/time'
import { useNow } from '@/lib/use-now'

const kCell = 'px-3 py-1.5'

export function Tries({ tries }: { tries: ApiTry[] }) {
  const now = useNow()
  if (tries.length === 0) return null
  return (
    <div className="overflow-x-auto rounded-md border border-line">
      <table aria-label="Tries" className="w-full text-left">
        <thead>
          <tr className="border-b border-line text-small text-mute">
            {['Try', 'Sent', 'Result', 'Took', 'Next try'].map((name) => (
              <th key={name} scope="col" className="h-8 px-3 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="tabular">
          {tries.map((each, index) => (
            <tr key={each.at} className="border-b border-line last:border-0">
              <td className={kCell}>{index + 1}</td>
              <td className={kCell}>
                <time dateTime={each.at}>{exactTime(each.at)}</time>
              </td>
              <td className={each.error ? `${kCell} text-failed` : kCell}>{resultText(each)}</td>
              <td className={kCell}>{tookText(between(each.at, each.end, now))}</td>
              <td className={kCell}>
                {each.next_try_at && <time dateTime={each.next_try_at}>{exactTime(each.next_try_at)}</time>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function resultText(each: ApiTry): string {
  const status = each.http_status === null ? '' : `status ${each.http_status}`
  return [status, each.error].filter(Boolean).join(', ') || 'under way'
}

function tookText(passed: number | undefined): string {
  if (passed === undefined) return ''
  return passed < 10_000 ? `${count(Math.max(0, passed))} ms` : `${count(Math.round(passed / 1000))} s`
}

export function Headers({ status, headers }: { status: number | null; headers: Step['headers'] }) {
  const entries = Object.entries(headers ?? {})
  if (status === null) return null
  return (
    <details className="group">
      <summary className="inline-flex min-h-6 items-center gap-1 text-mute marker:content-none hover:text-fg">
        <ChevronRight aria-hidden size={14} className="group-open:rotate-90" />
        Status {status}, {count(entries.length)} headers
      </summary>
      <dl className="mt-1 flex flex-col gap-0.5 pl-4.5 font-mono text-small">
        {entries.map(([name, value]) => (
          <div key={name} className="break-all">
            <dt className="inline text-mute">{name}: </dt>
            <dd className="inline">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

export function AnswerBody({ execution, step }: { execution: string; step: Step }) {
  const answer = useAnswerText(execution, step.id, step.output_bytes)
  if (step.output_bytes === 0) return null
  return (
    <div className="flex min-h-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <h3 className="font-semibold">Answer</h3>
        <a
          href={outputPath(execution, step.id)}
          className="inline-flex min-h-6 items-center gap-1.5 text-accent underline"
        >
          <Download aria-hidden size={14} /> Download, {bytes(step.output_bytes)}
        </a>
        {answer.data?.cut && <span className="text-mute">Only the beginning is shown.</span>}
      </div>
      {answer.isError && (
        <ErrorState
          what="The answer could not be loaded."
          error={answer.error}
          onRetry={() => void answer.refetch()}
        />
      )}
      {answer.data && <BodyText text={answer.data.text} />}
    </div>
  )
}

function BodyText({ text }: { text: string }) {
  /* eslint-disable jsx-a11y/no-noninteractive-tabindex -- long answers scroll inside */
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label="Body of the answer"
      className={
        'console max-h-[60dvh] overflow-auto rounded-md px-3 py-2 font-mono text-[12px]/[18px] ' +
        'break-words whitespace-pre-wrap'
      }
    >
      {prettyJson(text) ?? text}
    </pre>
  )
  /* eslint-enable jsx-a11y/no-noninteractive-tabindex */
}

// The three steps to a first run, shown until something has run: which are done, and what to press next.
import { CircleCheck, Play } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'

import { buttonClass } from '@/components/button'
import { cx } from '@/components/class-names'
import { ErrorState, SkeletonRows } from '@/components/notice'
import { useFirstRunbooks } from '@/features/home/api'
import { counted, plainLine } from '@/lib/format'
import type { RunbookSummary } from '@/lib/model'
import { paths } from '@/lib/paths'
import { may, whyNot } from '@/lib/permissions'
import { useMe } from '@/lib/use-me'
import { useAgentCounts } from '@/modules/fleet/api'

const kEvery = { name: '', selector: '' }

export function FirstSteps() {
  const counts = useAgentCounts(kEvery)
  const runbooks = useFirstRunbooks()
  const roles = useMe().data?.roles ?? []
  if (runbooks.isError)
    return (
      <ErrorState
        what="The runbooks could not be loaded."
        error={runbooks.error}
        onRetry={() => void runbooks.refetch()}
      />
    )
  if (!runbooks.data) return <SkeletonRows />
  const items = runbooks.data.items
  const online = counts.data?.online ?? 0
  return (
    <div className="mx-auto flex max-w-[760px] flex-col gap-4 py-6">
      <div>
        <h2 className="text-title font-semibold">Three steps to the first run</h2>
        <p className="mt-1 text-mute">Nothing has run yet. This page will show what runs and what waits.</p>
      </div>
      <ol className="flex flex-col gap-3">
        <Step
          number={1}
          title="Enrol a host"
          done={online > 0 && `${counted(online, 'host')} online`}
          about="An agent on each host dials out to this controller; no port is opened there."
        >
          <Go to={paths.enrol} main={online === 0} why={whyNot(roles, 'admin')}>
            Enrol {online > 0 ? 'another host' : 'a host'}
          </Go>
        </Step>
        <Step
          number={2}
          title="Write a runbook"
          done={items.length > 0 && runbooksText(items.length, runbooks.data.next_cursor !== null)}
          about="Instructions, commands, API calls, conditions and timers, in the order they run."
        >
          <Go to={paths.newRunbook} main={online > 0 && items.length === 0} why={whyNot(roles, 'author')}>
            Write a runbook
          </Go>
        </Step>
        <Step number={3} title="Run it" about="Choose hosts, see exactly what would run, confirm, and watch.">
          {items.length > 0 && (
            <Samples
              items={items}
              mayRun={(item) => may(roles, 'execute', { runbook: item.labels })}
              ready={online > 0}
            />
          )}
        </Step>
      </ol>
    </div>
  )
}

function runbooksText(items: number, more: boolean): string {
  return more ? `${items} and more there` : `${counted(items, 'runbook')} there`
}

interface StepProps {
  number: number
  title: string
  done?: string | false
  about: string
  children: ReactNode
}

function Step({ number, title, done, about, children }: StepProps) {
  return (
    <li className="flex gap-3 rounded-lg border border-line bg-surface p-4">
      <span
        aria-hidden
        className={cx(
          'flex size-7 shrink-0 items-center justify-center rounded-full border font-semibold',
          done ? 'border-success text-success' : 'border-line2 text-mute',
        )}
      >
        {done ? <CircleCheck size={16} /> : number}
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <div className="flex flex-wrap items-baseline gap-x-3">
          <h3 className="font-semibold">
            <span className="sr-only">Step {number}: </span>
            {title}
          </h3>
          {done && <span className="text-success">{done}</span>}
        </div>
        <p className="text-mute">{about}</p>
        {children}
      </div>
    </li>
  )
}

interface GoProps {
  to: string
  main: boolean
  why: string | undefined
  children: ReactNode
}

function Go({ to, main, why, children }: GoProps) {
  if (why) return <p className="text-small text-mute">{why}</p>
  return (
    <Link to={to} className={cx(buttonClass(main ? 'primary' : 'plain'), 'self-start')}>
      {children}
    </Link>
  )
}

interface SamplesProps {
  items: RunbookSummary[]
  mayRun: (item: RunbookSummary) => boolean
  ready: boolean
}

function Samples({ items, mayRun, ready }: SamplesProps) {
  return (
    <ul aria-label="Runbooks to begin with" className="flex flex-col rounded-md border border-line">
      {items.map((item) => (
        <li
          key={item.id}
          className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-0"
        >
          <span className="min-w-0 flex-1 basis-60">
            <Link to={paths.runbook(item.id)} className="rounded-sm font-semibold hover:text-accent">
              {item.title}
            </Link>
            <span className="line-clamp-1 text-mute">{plainLine(item.description)}</span>
          </span>
          {mayRun(item) && (
            <Link
              to={`${paths.runbook(item.id)}?run`}
              aria-label={`Run ${item.title}`}
              className={buttonClass(ready ? 'primary' : 'plain')}
            >
              <Play aria-hidden size={15} />
              Run
            </Link>
          )}
        </li>
      ))}
    </ul>
  )
}

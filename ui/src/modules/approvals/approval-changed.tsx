// What was shown and what waits now, side by side, before anything can be approved.
import { TriangleAlert } from 'lucide-react'

import { Button } from '@/components/button'
import type { Difference } from '@/modules/approvals/approval-difference'

interface Props {
  difference: Difference[]
  onAccept: () => void
}

export function ApprovalChanged({ difference, onAccept }: Props) {
  return (
    <div role="alert" className="flex flex-col gap-2 rounded-md border border-failed p-3">
      <p className="flex items-center gap-2 font-semibold text-failed">
        <TriangleAlert aria-hidden size={16} />
        Nothing was approved: what would run is not what you saw.
      </p>
      <dl className="flex flex-col gap-2">
        {difference.map((each) => (
          <div key={each.what} className="flex flex-col gap-0.5">
            <dt className="font-medium">{each.what}</dt>
            {each.before.length > 0 && (
              <Side word="Was" sign="-" lines={each.before} className="text-failed" />
            )}
            {each.after.length > 0 && (
              <Side word="Is now" sign="+" lines={each.after} className="text-success" />
            )}
          </div>
        ))}
      </dl>
      <div>
        <Button onClick={onAccept}>Show what waits now</Button>
      </div>
    </div>
  )
}

interface SideProps {
  word: string
  sign: string
  lines: string[]
  className: string
}

function Side({ word, sign, lines, className }: SideProps) {
  return (
    <dd className={`font-mono text-small break-all whitespace-pre-wrap ${className}`}>
      <span className="sr-only">{word}: </span>
      {lines.map((line, index) => (
        <span key={index} className="block">
          <span aria-hidden>{sign} </span>
          {line}
        </span>
      ))}
    </dd>
  )
}

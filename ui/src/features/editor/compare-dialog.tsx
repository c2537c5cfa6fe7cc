// Three ways side by side: the version one began with, the own edits, the version somebody else saved.
// Where both touched the same, one chooses.
import { useState } from 'react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { WideDialog } from '@/components/dialog'
import {
  type Choice,
  type Difference,
  type ThreeWay,
  type Unit,
  conflictsOf,
} from '@/features/editor/three-way'
import { unitText } from '@/features/editor/three-way-text'
import { counted } from '@/lib/format'

interface Props {
  open: boolean
  onClose: () => void
  compared: ThreeWay
  base: number
  theirs: number
  person: string // who saved theirs
  onMove: (choices: Record<string, Choice>) => void
}

export function CompareDialog({ open, onClose, compared, base, theirs, person, onMove }: Props) {
  const [choices, setChoices] = useState<Record<string, Choice>>({})
  const conflicts = conflictsOf(compared)
  const left = conflicts.filter((one) => !choices[one.id]).length
  return (
    <WideDialog
      open={open}
      onClose={onClose}
      title={`Your edits and v${theirs}`}
      description={
        conflicts.length === 0
          ? 'Nothing was changed on both sides: both sets of edits fit together.'
          : `${counted(conflicts.length, 'change')} on both sides: choose whose is taken.`
      }
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            kind="primary"
            reason={left > 0 ? `Choose for ${counted(left, 'change')} first.` : undefined}
            onClick={() => onMove(choices)}
          >
            Move my edits onto v{theirs}
          </Button>
        </>
      }
    >
      <ol className="flex flex-col gap-4">
        {compared.differences.map((difference) => (
          <li key={difference.id}>
            <DifferenceView
              {...{ difference, base, theirs, person }}
              choice={choices[difference.id]}
              onChoose={(choice) => setChoices({ ...choices, [difference.id]: choice })}
            />
          </li>
        ))}
      </ol>
    </WideDialog>
  )
}

interface ViewProps {
  difference: Difference
  base: number
  theirs: number
  person: string
  choice: Choice | undefined
  onChoose: (choice: Choice) => void
}

const kKinds = { field: 'Runbook', parameter: 'Parameter', block: 'Block', order: 'Blocks' }

function DifferenceView({ difference, base, theirs, person, choice, onChoose }: ViewProps) {
  const { name, kind, by, conflict } = difference
  const what = conflict
    ? 'Changed on both sides'
    : by === 'both'
      ? 'Changed alike on both sides'
      : by === 'mine'
        ? 'You changed it'
        : `${person} changed it`
  const taken = conflict ? choice : by === 'mine' ? 'mine' : 'theirs'
  return (
    <section
      aria-label={`${kKinds[kind]} ${name}`}
      className={cx('rounded-lg border', conflict ? 'border-waiting' : 'border-line')}
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
        <h3 className="font-semibold">{name}</h3>
        <span className={conflict ? 'text-waiting' : 'text-mute'}>{what}</span>
      </header>
      <div className="grid gap-px bg-line lg:grid-cols-3">
        <Version name={`v${base}`} unit={difference.base} against={undefined} isTaken={false} />
        <Version name="Mine" unit={difference.mine} against={difference.base} isTaken={taken === 'mine'}>
          {conflict && <Pick {...{ choice, onChoose }} value="mine" label="Take mine" of={difference} />}
        </Version>
        <Version
          name={`v${theirs} by ${person}`}
          unit={difference.theirs}
          against={difference.base}
          isTaken={taken === 'theirs'}
        >
          {conflict && (
            <Pick {...{ choice, onChoose }} value="theirs" label={`Take v${theirs}`} of={difference} />
          )}
        </Version>
      </div>
    </section>
  )
}

interface PickProps {
  choice: Choice | undefined
  onChoose: (choice: Choice) => void
  value: Choice
  label: string
  of: Difference
}

function Pick({ choice, onChoose, value, label, of }: PickProps) {
  return (
    <label className="flex min-h-7 cursor-pointer items-center gap-2 max-md:min-h-11">
      <input
        type="radio"
        name={of.id}
        checked={choice === value}
        onChange={() => onChoose(value)}
        className="size-4 accent-(--accent)"
      />
      {label}
    </label>
  )
}

interface VersionProps {
  name: string
  unit: Unit | undefined
  against: Unit | undefined
  isTaken: boolean
  children?: React.ReactNode
}

function Version({ name, unit, against, isTaken, children }: VersionProps) {
  const text = unitText(unit)
  const old = new Set((unitText(against) ?? '').split('\n'))
  return (
    <div className={cx('min-w-0 bg-surface', isTaken && 'bg-accent-bg')}>
      <div className="flex min-h-9 flex-wrap items-center gap-x-4 px-3">
        <h4 className="text-small text-mute">{name}</h4>
        {children}
      </div>
      {text === undefined ? (
        <p className="px-3 pb-3 text-mute">Not there</p>
      ) : (
        <pre className="max-h-80 overflow-auto px-3 pb-3 font-mono text-[12px]/[18px] whitespace-pre-wrap">
          {text.split('\n').map((line, index) => (
            <span
              key={index}
              className={cx(
                'block',
                against && !old.has(line) && 'border-l-2 border-accent pl-1.5 font-semibold',
              )}
            >
              {line || ' '}
            </span>
          ))}
        </pre>
      )}
    </div>
  )
}

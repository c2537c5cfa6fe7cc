// Two texts compared line by line, in one column or side by side. Long stretches that are equal are folded.
import { useMemo, useState } from 'react'

import { cx } from '@/components/class-names'
import { type DiffLine, type DiffRow, diffLines, foldsOf, sideBySide } from '@/features/runbooks/text-diff'
import { count, counted } from '@/lib/format'

const kContext = 3
const kSigns = { same: ' ', removed: '-', added: '+' }
const kWords = { same: '', removed: 'removed: ', added: 'added: ' }
const kTints = { same: '', removed: 'bg-failed/12', added: 'bg-success/12' }
const kColours = { same: 'text-mute', removed: 'text-failed', added: 'text-success' }

interface Props {
  label: string
  before: string
  after: string
  split?: boolean
}

export function TextDiffView({ label, before, after, split = false }: Props) {
  const lines = useMemo(() => diffLines(before, after), [before, after])
  const rows = useMemo<DiffRow[]>(
    () => (split ? sideBySide(lines) : lines.map((line) => ({ left: line, right: line }))),
    [lines, split],
  )
  const folds = useMemo(
    () =>
      foldsOf(
        rows.map(({ left, right }) => left?.kind !== 'same' || right?.kind !== 'same'),
        kContext,
      ),
    [rows],
  )
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const parts = []
  let from = 0
  for (const fold of folds) {
    if (opened.has(fold.from)) continue
    parts.push({ rows: rows.slice(from, fold.from), from, fold })
    from = fold.to
  }
  parts.push({ rows: rows.slice(from), from, fold: undefined })
  return (
    // Long lines scroll inside; the keyboard can reach them.
    <div
      role="region"
      aria-label={label}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line bg-surface font-mono text-[12px]/[18px]"
    >
      <table className={cx('w-full border-collapse', split && 'min-w-160 table-fixed')}>
        {split && (
          <colgroup>
            <col className="w-11" />
            <col />
            <col className="w-11" />
            <col />
          </colgroup>
        )}
        <tbody>
          {parts.map((part) => (
            <Part
              key={part.from}
              {...part}
              split={split}
              onOpen={(fold) => setOpened((old) => new Set(old).add(fold))}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface PartProps {
  rows: DiffRow[]
  from: number
  fold: { from: number; to: number } | undefined
  split: boolean
  onOpen: (fold: number) => void
}

function Part({ rows, from, fold, split, onOpen }: PartProps) {
  return (
    <>
      {rows.map((row, index) =>
        split ? (
          <tr key={from + index}>
            <Side line={row.left} number={row.left?.before} />
            <Side line={row.right} number={row.right?.after} divided />
          </tr>
        ) : (
          row.left && <Unified key={from + index} line={row.left} />
        ),
      )}
      {fold && (
        <tr>
          <td colSpan={4} className="border-y border-line bg-raised p-0">
            <button
              type="button"
              onClick={() => onOpen(fold.from)}
              className={cx(
                'min-h-6 w-full px-3 text-left font-sans text-small text-mute',
                'hover:text-fg max-md:min-h-11',
              )}
            >
              Show {counted(fold.to - fold.from, 'unchanged line')}
            </button>
          </td>
        </tr>
      )}
    </>
  )
}

function LineNumber({ value }: { value: number | undefined }) {
  return (
    <td className="tabular w-10 px-1.5 text-right align-top text-mute select-none">
      {value === undefined ? '' : count(value)}
    </td>
  )
}

function Unified({ line }: { line: DiffLine }) {
  return (
    <tr className={kTints[line.kind]}>
      <LineNumber value={line.before} />
      <LineNumber value={line.after} />
      <Text line={line} />
    </tr>
  )
}

function Text({ line }: { line: DiffLine }) {
  return (
    <td className="px-2 align-top whitespace-pre-wrap [overflow-wrap:anywhere]">
      <span aria-hidden className={cx('mr-2 select-none', kColours[line.kind])}>
        {kSigns[line.kind]}
      </span>
      <span className="sr-only">{kWords[line.kind]}</span>
      {line.text}
    </td>
  )
}

interface SideProps {
  line: DiffLine | undefined
  number: number | undefined
  divided?: boolean
}

function Side({ line, number, divided }: SideProps) {
  const tint = line ? kTints[line.kind] : 'bg-raised'
  return (
    <>
      <td
        className={cx(
          'tabular w-10 px-1.5 text-right align-top text-mute select-none',
          tint,
          divided && 'border-l border-line',
        )}
      >
        {number === undefined ? '' : count(number)}
      </td>
      <td className={cx('px-2 align-top whitespace-pre-wrap [overflow-wrap:anywhere]', tint)}>
        {line && (
          <>
            <span aria-hidden className={cx('mr-2 select-none', kColours[line.kind])}>
              {kSigns[line.kind]}
            </span>
            <span className="sr-only">{kWords[line.kind]}</span>
            {line.text}
          </>
        )}
      </td>
    </>
  )
}

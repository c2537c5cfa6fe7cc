import { cx } from '@/components/class-names'
import { labelList } from '@/lib/selector'

const kChip = 'rounded-sm border border-line px-1.5 font-mono text-small text-mute'

interface Props {
  labels: Record<string, string>
  onPick?: (label: string) => void // "role=web"; chips become buttons
  oneLine?: boolean // what has no room is cut, as in rows of one height
}

export function LabelChips({ labels, onPick, oneLine }: Props) {
  const list = labelList(labels)
  if (list.length === 0) return <span className="text-faint">none</span>
  return (
    <ul aria-label="Labels" className={cx('flex gap-1', oneLine ? 'overflow-hidden' : 'flex-wrap')}>
      {list.map((label) =>
        onPick ? (
          <li key={label} className="shrink-0">
            <button
              type="button"
              title={`Show hosts with ${label}`}
              onClick={() => onPick(label)}
              className={`${kChip} min-h-6 hover:border-accent hover:text-accent`}
            >
              {label}
            </button>
          </li>
        ) : (
          <li key={label} className={kChip}>
            {label}
          </li>
        ),
      )}
    </ul>
  )
}

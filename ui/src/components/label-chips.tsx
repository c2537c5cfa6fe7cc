import { labelList } from '@/lib/selector'

export function LabelChips({ labels }: { labels: Record<string, string> }) {
  const list = labelList(labels)
  if (list.length === 0) return <span className="text-faint">none</span>
  return (
    <ul aria-label="Labels" className="flex flex-wrap gap-1">
      {list.map((label) => (
        <li key={label} className="rounded-sm border border-line px-1.5 font-mono text-small text-mute">
          {label}
        </li>
      ))}
    </ul>
  )
}

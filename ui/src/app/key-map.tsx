import { Dialog } from '@/components/dialog'

const kKeys: [string, string][] = [
  ['g r', 'Runbooks'],
  ['g e', 'Executions'],
  ['g o', 'Hosts'],
  ['j k', 'Next, previous row of a list'],
  ['Enter', 'Open the row'],
  ['r', 'Run the runbook'],
  ['f', 'Filter the list'],
  ['Shift S', 'Stop the execution (asks)'],
  ['[ ]', 'Previous, next step'],
  ['Arrows', 'Move among the hosts'],
  ['/ or Ctrl F', 'Find in the output'],
  ['n N', 'Next, previous hit'],
  ['g g', 'Start of the output'],
  ['G', 'End of the output, and follow'],
  ['Shift F', 'Follow on or off'],
  ['z', 'Output in the whole window'],
  ['Ctrl \\', 'Width of the side bar'],
  ['Esc', 'Close'],
]

export function KeyMap({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
        {kKeys.map(([keys, what]) => (
          <div key={keys} className="contents">
            <dt className="font-mono text-small text-mute">{keys}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}

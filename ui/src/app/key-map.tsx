// What the keys do, those of the present page first. The keyboard map of docs and tests is this one.
import { useLocation } from 'react-router'

import { Dialog } from '@/components/dialog'
import { usePreferences } from '@/lib/preferences'

interface Group {
  name: string
  of: RegExp // addresses of the pages that have these keys
  keys: [string, string][]
}

const kGroups: Group[] = [
  {
    name: 'Execution',
    of: /^\/executions\/[^/]+$/,
    keys: [
      ['P', 'Pause'],
      ['Shift S', 'Stop (asks)'],
      ['Shift A', 'Approve (asks)'],
      ['Shift R', 'Reject (asks)'],
      ['[ ]', 'Previous, next step'],
      ['1 2 3', 'Steps, hosts, output'],
      ['Arrows', 'Move among the hosts'],
    ],
  },
  {
    name: 'Output',
    of: /^\/executions\/[^/]+$/,
    keys: [
      ['/ or Ctrl F', 'Find'],
      ['n Shift N', 'Next, previous hit'],
      ['g g', 'Start'],
      ['Shift G', 'End, and follow'],
      ['Shift F', 'Follow on or off'],
      ['w', 'Wrap long lines'],
      ['y Shift Y', 'Copy the chosen lines, their link'],
      ['Ctrl A', 'Choose all of it'],
      ['z', 'Whole window'],
    ],
  },
  {
    name: 'Editor',
    of: /^\/runbooks\/(new|[^/]+\/edit)$/,
    keys: [
      ['Ctrl S', 'Save a version'],
      ['Ctrl Z, Ctrl Shift Z', 'Undo, redo'],
      ['Alt ↑ ↓', 'Move the block'],
      ['/', 'Add a block'],
      ['D', 'Dry run'],
      ['F8', 'Next problem'],
    ],
  },
  {
    name: 'Lists',
    of: /^\/(runbooks|executions|approvals|hosts|credentials|audit)$/,
    keys: [
      ['j k', 'Next, previous row'],
      ['Enter', 'Open the row'],
      ['x', 'Choose the row'],
      ['f', 'Filter'],
      ['r', 'Run'],
      ['e', 'Edit'],
    ],
  },
  {
    name: 'Everywhere',
    of: /^/,
    keys: [
      ['Ctrl K', 'Search or run a command'],
      ['?', 'This list'],
      ['g h, g r, g e', 'Home, runbooks, executions'],
      ['g a, g o, g u', 'Approvals, hosts, audit'],
      ['c', 'New runbook'],
      ['Ctrl \\', 'Width of the side bar'],
      ['Esc', 'Close, clear'],
    ],
  },
]

export function KeyMap({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { pathname } = useLocation()
  const singleKeys = usePreferences((preferences) => preferences.singleKeys)
  const here = kGroups.filter((group) => group.of.test(pathname))
  const elsewhere = kGroups.filter((group) => !here.includes(group))
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts">
      {/* The list may be longer than the window: the keyboard must be able to scroll it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div tabIndex={0} role="region" aria-label="Shortcuts">
        {!singleKeys && (
          <p className="mb-3 text-mute">Shortcuts of one key are off (Settings, Appearance).</p>
        )}
        {[...here, ...elsewhere].map((group) => (
          <section key={group.name} className="mb-4">
            <h3 className="mb-1 font-semibold">{group.name}</h3>
            <dl className="grid grid-cols-[9rem_1fr] gap-x-4 gap-y-1">
              {group.keys.map(([keys, what]) => (
                <div key={keys} className="contents">
                  <dt className="font-mono text-small text-mute">{keys}</dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

// Above the output: whose it is, which stream, find, download, full window, follow.
import { ArrowDownToLine, Download, Maximize2, Minimize2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { Button, buttonClass } from '@/components/button'
import { cx } from '@/components/class-names'
import { IconButton } from '@/components/icon-button'
import { Kbd } from '@/components/kbd'
import type { ConsoleProps } from '@/modules/console/console-props'

interface Props extends ConsoleProps {
  following: boolean
  onFollow: () => void
  whole: boolean
  onWhole: () => void
  children: ReactNode // find
}

export function ConsoleToolbar({
  host,
  stream,
  onHost,
  onStream,
  download,
  following,
  onFollow,
  whole,
  onWhole,
  children,
}: Props) {
  return (
    <div
      className={cx(
        'flex min-h-10 flex-wrap items-center gap-x-1',
        'gap-y-1 border-b border-line bg-surface px-2 py-1.5 text-fg',
      )}
    >
      <div role="group" aria-label="Whose output" className="flex gap-1">
        <Tab chosen={host === undefined} onClick={() => onHost(undefined)}>
          All hosts
        </Tab>
        {host && (
          <Tab chosen onClick={() => onHost(host.agent)}>
            {host.name}
          </Tab>
        )}
      </div>
      <span aria-hidden className="mx-1 h-4 border-l border-line" />
      <div role="group" aria-label="Which stream" className="flex gap-1">
        <Tab chosen={stream === undefined} onClick={() => onStream(undefined)}>
          Both
        </Tab>
        <Tab chosen={stream === 'stdout'} onClick={() => onStream('stdout')}>
          stdout
        </Tab>
        <Tab chosen={stream === 'stderr'} onClick={() => onStream('stderr')}>
          stderr
        </Tab>
      </div>
      {children}
      <div className="ml-auto flex items-center gap-1.5">
        <a href={download} download className={buttonClass('quiet')}>
          <Download aria-hidden size={15} />
          Download
        </a>
        <IconButton name={whole ? 'Leave full window' : 'Full window'} onClick={onWhole}>
          {whole ? <Minimize2 aria-hidden size={15} /> : <Maximize2 aria-hidden size={15} />}
        </IconButton>
        <Button
          kind={following ? 'primary' : 'plain'}
          icon={<ArrowDownToLine aria-hidden size={15} />}
          aria-pressed={following}
          onClick={onFollow}
        >
          {following ? 'Following' : 'Go to end'} {!following && <Kbd>G</Kbd>}
        </Button>
      </div>
    </div>
  )
}

function Tab({ chosen, onClick, children }: { chosen: boolean; onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onClick}
      className={cx(
        'h-6 max-w-48 truncate rounded-sm px-2 max-md:h-11',
        chosen ? 'bg-raised font-semibold text-fg' : 'text-mute hover:text-fg',
      )}
    >
      {children}
    </button>
  )
}

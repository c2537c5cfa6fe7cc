// Above the output: whose it is, which stream, find, and what can be done with it.
import {
  ArrowDownToLine,
  Copy,
  Download,
  Ellipsis,
  FileText,
  Link,
  Maximize2,
  Minimize2,
  Palette,
  WrapText,
} from 'lucide-react'
import { type ReactNode, useState } from 'react'

import { Button } from '@/components/button'
import { cx } from '@/components/class-names'
import { IconButton } from '@/components/icon-button'
import { Kbd } from '@/components/kbd'
import { Menu, MenuItem } from '@/components/menu'
import type { StreamName } from '@/lib/model'
import { outputPath } from '@/lib/paths'
import { usePreferences } from '@/lib/preferences'
import type { ConsoleProps } from '@/modules/console/console-props'
import type { LogStore } from '@/modules/console/log-store'
import { kMaxPlainBytes, savePlain } from '@/modules/console/plain-download'
import type { ConsoleActions } from '@/modules/console/use-console-keys'

interface Props extends ConsoleProps, ConsoleActions {
  store: LogStore
  following: boolean
  whole: boolean
  wrap: boolean
  plain: boolean
  children: ReactNode // find
}

export function ConsoleToolbar(props: Props) {
  const { host, onHost, following, whole, wrap, children } = props
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
        <StreamTab {...props} name="stdout" />
        <StreamTab {...props} name="stderr" />
      </div>
      {children}
      <div className="ml-auto flex items-center gap-0.5">
        <IconButton
          name="Wrap long lines"
          aria-pressed={wrap}
          className={wrap ? 'bg-raised text-accent' : 'text-mute'}
          onClick={props.toggleWrap}
        >
          <WrapText aria-hidden size={15} />
        </IconButton>
        <RawDownload {...props} />
        <IconButton name={whole ? 'Leave full screen' : 'Full screen'} onClick={props.toggleWhole}>
          {whole ? <Minimize2 aria-hidden size={15} /> : <Maximize2 aria-hidden size={15} />}
        </IconButton>
        <More {...props} />
        <Button
          kind={following ? 'primary' : 'plain'}
          local
          icon={<ArrowDownToLine aria-hidden size={15} />}
          aria-pressed={following}
          onClick={props.toggleFollow}
          className="ml-1"
        >
          {following ? 'Following' : 'Follow'} {!following && <Kbd>G</Kbd>}
        </Button>
      </div>
    </div>
  )
}

// Pressed again, both streams are shown.
function StreamTab({ name, stream, onStream }: Props & { name: StreamName }) {
  const chosen = stream === name
  return (
    <Tab chosen={chosen} onClick={() => onStream(chosen ? undefined : name)}>
      {name}
    </Tab>
  )
}

function RawDownload({ execution, step, host, stream }: Props) {
  return (
    <a
      href={outputPath(execution, step, host?.agent, stream)}
      download
      aria-label="Download"
      title="Download, as it was printed"
      className={cx(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md',
        'text-fg hover:bg-raised max-md:size-11',
      )}
    >
      <Download aria-hidden size={15} />
    </a>
  )
}

function More({ execution, step, host, stream, store, plain, copyText, copyLink, togglePlain }: Props) {
  const { consoleInTheme: inTheme, set } = usePreferences()
  const [saving, setSaving] = useState(false)
  const save = async () => {
    setSaving(true)
    await savePlain(outputPath(execution, step, host?.agent, stream), `${step}.txt`, store.signal).catch(
      () => undefined,
    )
    setSaving(false)
  }
  return (
    <Menu
      trigger={
        <IconButton name="More about the output">
          <Ellipsis aria-hidden size={15} />
        </IconButton>
      }
    >
      <MenuItem icon={<Copy aria-hidden size={15} />} onSelect={copyText}>
        Copy text <Kbd>y</Kbd>
      </MenuItem>
      <MenuItem icon={<Link aria-hidden size={15} />} onSelect={copyLink}>
        Copy link to line <Kbd>Y</Kbd>
      </MenuItem>
      {store.bytes <= kMaxPlainBytes && (
        <MenuItem icon={<Download aria-hidden size={15} />} onSelect={() => void save()}>
          {saving ? 'Reading…' : 'Download without colours'}
        </MenuItem>
      )}
      <MenuItem icon={<FileText aria-hidden size={15} />} checked={plain} onSelect={togglePlain}>
        Plain text
      </MenuItem>
      <MenuItem
        icon={<Palette aria-hidden size={15} />}
        checked={inTheme}
        onSelect={() => set({ consoleInTheme: !inTheme })}
      >
        Colours of the theme
      </MenuItem>
    </Menu>
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

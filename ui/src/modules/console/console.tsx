// The output of a step: tabs for all hosts or one, follow or pause, download. Lines are drawn by ConsoleView.
import { ArrowDownToLine, Download, Maximize2, Minimize2 } from 'lucide-react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'

import { Button, buttonClass } from '@/components/button'
import { cx } from '@/components/class-names'
import { IconButton } from '@/components/icon-button'
import { Kbd } from '@/components/kbd'
import { bytes, count, counted } from '@/lib/format'
import { useHotkeys } from '@/lib/hotkeys'
import type { StreamName } from '@/lib/model'
import { ConsoleView } from '@/modules/console/console-view'
import type { LogStore } from '@/modules/console/log-store'

export interface ConsoleHost {
  agent: string
  name: string
}

interface Props {
  store: LogStore
  host: ConsoleHost | undefined // nothing: all hosts
  stream: StreamName | undefined // nothing: both
  onHost: (agent: string | undefined) => void
  onStream: (stream: StreamName | undefined) => void
  download: string // address of the raw bytes of what is shown
  state: string // "Streaming, no gaps", "Complete", …
  streaming: boolean
  expectedBytes: number
}

export function Console(props: Props) {
  const { store, host, stream } = props
  const [whole, setWhole] = useState(false)
  const [following, setFollowing] = useState(true)
  const scroller = useRef<HTMLDivElement>(null)
  const view = useRef<ConsoleView | undefined>(undefined)

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const created = new ConsoleView(element, setFollowing)
    view.current = created
    return () => created.destroy()
  }, [])

  useEffect(() => {
    const columns = { host: host === undefined, number: host !== undefined }
    view.current?.show(store.view({ agent: host?.agent, stream }), columns)
    return store.listen(() => view.current?.refresh())
  }, [store, host?.agent, host, stream])

  const follow = () => view.current?.setFollow(true)
  useHotkeys({
    'Shift G': follow,
    'Shift F': () => view.current?.setFollow(!following),
    'g g': () => view.current?.toStart(),
    z: () => setWhole(!whole),
    ...(whole && { Escape: () => setWhole(false) }),
  })

  return (
    <section
      aria-label="Output"
      className={cx(
        'console flex min-h-60 flex-1 flex-col overflow-hidden border border-line',
        whole ? 'fixed inset-0 z-30' : 'rounded-lg max-md:h-[65dvh] max-md:flex-none',
      )}
    >
      <Toolbar
        {...props}
        following={following}
        onFollow={follow}
        whole={whole}
        onWhole={() => setWhole(!whole)}
      />
      <div
        ref={scroller}
        // The log scrolls, so the keyboard must reach it. It is never announced: it would never end.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={host ? `Output of ${host.name}` : 'Output of all hosts'}
        className="console-scroller min-h-0 flex-1"
      />
      <Foot {...props} following={following} />
    </section>
  )
}

interface ToolbarProps extends Props {
  following: boolean
  onFollow: () => void
  whole: boolean
  onWhole: () => void
}

function Toolbar({
  host,
  stream,
  onHost,
  onStream,
  download,
  following,
  onFollow,
  whole,
  onWhole,
}: ToolbarProps) {
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-1 gap-y-1 border-b border-line bg-surface px-2 py-1.5 text-fg">
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

const kFootMs = 250

// Totals change with every frame; the foot shows them a few times a second.
function useTotals(store: LogStore): { lines: number; bytes: number; complete: boolean } {
  const shown = useRef({ lines: 0, bytes: 0, complete: true })
  const read = () => {
    const now = { lines: store.receivedLines, bytes: store.receivedBytes, complete: store.complete }
    const same = now.lines === shown.current.lines && now.bytes === shown.current.bytes
    if (!same || now.complete !== shown.current.complete) shown.current = now
    return shown.current
  }
  const subscribe = (listener: () => void) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = store.listen(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        listener()
      }, kFootMs)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }
  return useSyncExternalStore(subscribe, read)
}

function Foot({ store, state, streaming, following, expectedBytes }: Props & { following: boolean }) {
  const totals = useTotals(store)
  const behind = expectedBytes > totals.bytes
  return (
    <div className="tabular flex min-h-7 flex-wrap items-center gap-x-5 border-t border-line bg-surface px-3 text-small text-mute">
      <span>
        {counted(totals.lines, 'line')}, {bytes(totals.bytes)}
      </span>
      {!totals.complete && <span>Oldest lines left this page; the download has them</span>}
      {!following && <span>Paused at what you read</span>}
      <span className={cx('ml-auto inline-flex items-center gap-1.5', streaming && 'text-success')}>
        {streaming && <span aria-hidden className="size-1.5 rounded-full bg-success" />}
        {behind && !streaming
          ? `Loading, ${count(Math.floor((100 * totals.bytes) / expectedBytes))} %`
          : state}
      </span>
    </div>
  )
}

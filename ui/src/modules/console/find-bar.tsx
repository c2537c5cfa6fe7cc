// Find in the output: the box, "3 / 41", stepping among the hits, errors, and only the lines that match.
import { CaseSensitive, ChevronDown, ChevronUp, ListFilter, Regex, Search, TriangleAlert } from 'lucide-react'
import type { KeyboardEvent, ReactNode, RefObject } from 'react'

import { cx } from '@/components/class-names'
import { IconButton } from '@/components/icon-button'
import { toApiError } from '@/lib/api-client'
import { count } from '@/lib/format'
import { isEmpty } from '@/modules/console/find-query'
import type { useFind } from '@/modules/console/use-find'

const kInputClass =
  'h-6 w-28 min-w-0 bg-transparent px-1 focus-visible:outline-none max-md:h-11 max-md:flex-1'

interface Props {
  find: ReturnType<typeof useFind>
  input: RefObject<HTMLInputElement | null>
  onStep: (by: 1 | -1) => void
  onErrors: (by: 1 | -1) => void
  onlyHits: boolean
  onOnlyHits: (on: boolean) => void
}

export function FindBar({ find, input, onStep, onErrors, onlyHits, onOnlyHits }: Props) {
  const { query, change } = find
  const none = find.hits?.total === 0
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') change({ text: '', errors: false })
    else return
    event.preventDefault()
  }
  return (
    <>
      <div
        role="search"
        aria-label="Find in the output"
        className={cx(
          'flex items-center gap-0.5 rounded-md border border-line2 pl-2',
          'outline-accent has-[input:focus-visible]:outline-2 max-md:w-full',
        )}
      >
        <Search aria-hidden size={13} className="text-faint" />
        <input
          ref={input}
          aria-label="Find in the output"
          placeholder={query.errors ? 'Errors' : 'Find'}
          value={query.text}
          spellCheck={false}
          onChange={(event) => change({ text: event.target.value, errors: false })}
          onKeyDown={pressed}
          className={kInputClass}
        />
        <span role="status" className="tabular min-w-12 px-1 text-right whitespace-nowrap text-mute">
          {countText(find)}
        </span>
        <IconButton name="Previous hit" disabled={none} onClick={() => onStep(-1)}>
          <ChevronUp aria-hidden size={15} />
        </IconButton>
        <IconButton name="Next hit" disabled={none} onClick={() => onStep(1)}>
          <ChevronDown aria-hidden size={15} />
        </IconButton>
        {!isEmpty(query) && <Toggles find={find} onlyHits={onlyHits} onOnlyHits={onOnlyHits} />}
      </div>
      <button
        type="button"
        aria-pressed={query.errors}
        title="Lines on stderr, and lines that look like errors (E)"
        onClick={() => onErrors(1)}
        className={cx(
          'inline-flex h-7 items-center gap-1.5 rounded-md px-2 hover:bg-raised max-md:h-11',
          query.errors ? 'bg-raised font-semibold text-failed' : 'text-mute',
        )}
      >
        <TriangleAlert aria-hidden size={14} />
        Errors
      </button>
    </>
  )
}

// What narrows a search; there is no room for it before there is one.
function Toggles({
  find: { query, change },
  onlyHits,
  onOnlyHits,
}: Pick<Props, 'find' | 'onlyHits' | 'onOnlyHits'>) {
  return (
    <>
      {!query.errors && (
        <>
          <Toggle name="Match case" on={query.matchCase} onChange={(matchCase) => change({ matchCase })}>
            <CaseSensitive aria-hidden size={15} />
          </Toggle>
          <Toggle name="Regular expression" on={query.regex} onChange={(regex) => change({ regex })}>
            <Regex aria-hidden size={14} />
          </Toggle>
        </>
      )}
      <Toggle name="Only matching lines" on={onlyHits} onChange={onOnlyHits}>
        <ListFilter aria-hidden size={14} />
      </Toggle>
    </>
  )
}

function countText({ hits, settled, at, busy }: Props['find']): string {
  if (isEmpty(settled)) return ''
  if (hits?.error !== undefined) return toApiError(hits.error).message
  if (hits?.total === undefined || busy) return 'counting…'
  return `${count(at + 1)} / ${count(hits.total)}`
}

interface ToggleProps {
  name: string
  on: boolean
  onChange: (on: boolean) => void
  children: ReactNode
}

function Toggle({ name, on, onChange, children }: ToggleProps) {
  return (
    <IconButton
      name={name}
      aria-pressed={on}
      className={on ? 'bg-raised text-accent' : 'text-mute'}
      onClick={() => onChange(!on)}
    >
      {children}
    </IconButton>
  )
}

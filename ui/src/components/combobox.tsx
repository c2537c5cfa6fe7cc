// A text field with suggestions below it. Typing is free; arrows choose, Enter takes, Escape closes.
import {
  type InputHTMLAttributes,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useId,
  useState,
} from 'react'

import { cx } from '@/components/class-names'

export interface Suggestion {
  key: string
  text: string // what the field gets
  shown?: ReactNode
  detail?: string // such as "48 hosts"
  goesOn?: boolean // more must follow: the list stays open
}

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  value: string
  onChange: (value: string) => void
  suggestions: readonly Suggestion[]
  onTake: (suggestion: Suggestion) => void
  listLabel: string
  inputRef?: Ref<HTMLInputElement>
  wrapperClassName?: string
}

export function Combobox(props: Props) {
  const { value, onChange, suggestions, onTake, listLabel, inputRef, wrapperClassName, ...rest } = props
  const { onKeyDown, onBlur, onFocus, className, ...input } = rest
  const id = useId()
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState(-1)
  const shown = open && suggestions.length > 0
  const active = shown && chosen < suggestions.length ? chosen : -1
  const take = (suggestion: Suggestion) => {
    setChosen(-1)
    setOpen(suggestion.goesOn === true)
    onTake(suggestion)
  }
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    // Alt with an arrow moves what the field stands in.
    if (event.altKey) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const picked = suggestions[active]
    if (step !== 0) {
      event.preventDefault()
      setOpen(true)
      setChosen(moved(active, step, suggestions.length))
    } else if (event.key === 'Enter' && picked) {
      event.preventDefault()
      take(picked)
    } else if (event.key === 'Escape' && shown) {
      // Only the list closes, not the window around it.
      event.preventDefault()
      event.stopPropagation()
      event.nativeEvent.stopImmediatePropagation()
      setOpen(false)
    } else onKeyDown?.(event)
  }
  return (
    <div className={cx('relative', wrapperClassName)}>
      <input
        {...input}
        ref={inputRef}
        role="combobox"
        type="text"
        autoComplete="off"
        spellCheck={false}
        aria-expanded={shown}
        aria-controls={`${id}-l`}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        value={value}
        onChange={(event) => {
          setOpen(true)
          setChosen(-1)
          onChange(event.target.value)
        }}
        onKeyDown={press}
        onFocus={(event) => {
          setOpen(true)
          onFocus?.(event)
        }}
        onBlur={(event) => {
          setOpen(false)
          setChosen(-1)
          onBlur?.(event)
        }}
        className={className}
      />
      <Options {...{ id, shown, suggestions, active, listLabel, take }} />
    </div>
  )
}

function moved(at: number, step: number, length: number): number {
  if (length === 0) return -1
  if (at < 0) return step > 0 ? 0 : length - 1
  return (at + step + length) % length
}

interface OptionsProps {
  id: string
  shown: boolean
  suggestions: readonly Suggestion[]
  active: number
  listLabel: string
  take: (suggestion: Suggestion) => void
}

function Options({ id, shown, suggestions, active, listLabel, take }: OptionsProps) {
  return (
    <ul
      id={`${id}-l`}
      role="listbox"
      aria-label={listLabel}
      hidden={!shown}
      className={cx(
        'absolute top-full left-0 z-30 mt-1 max-h-64 min-w-52 overflow-y-auto rounded-md border border-line',
        'bg-surface py-1 shadow-float',
      )}
    >
      {shown &&
        suggestions.map((suggestion, index) => (
          // The keys are handled by the field, which keeps the focus.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={suggestion.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            ref={index === active ? reveal : undefined}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(suggestion)}
            className={cx(
              'flex min-h-7 cursor-pointer items-center gap-4 px-2.5 max-md:min-h-11',
              index === active ? 'bg-accent-bg text-accent' : 'hover:bg-raised',
            )}
          >
            <span className="font-mono text-small">{suggestion.shown ?? suggestion.text}</span>
            {suggestion.detail && (
              <span className="tabular ml-auto text-small whitespace-nowrap text-mute">
                {suggestion.detail}
              </span>
            )}
          </li>
        ))}
    </ul>
  )
}

function reveal(option: HTMLLIElement | null): void {
  option?.scrollIntoView({ block: 'nearest' })
}

// Short texts as chips, with a field for the next one. Enter makes a chip of what is typed; Backspace in the
// empty field takes the last chip back into it, a click takes any.
import { X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'

import { cx } from '@/components/class-names'
import { Combobox, type Suggestion } from '@/components/combobox'

interface Props {
  label: string
  chips: readonly string[]
  draft: string
  onDraft: (draft: string) => void
  onAdd: (text: string) => void // the draft is done
  onRemove: (index: number) => void
  onEdit?: (index: number) => void // the chip goes back into the field
  suggestions?: readonly Suggestion[]
  onTake?: (suggestion: Suggestion) => void
  addOnBlur?: boolean // what is typed counts when the field is left
  placeholder?: string
  icon?: ReactNode
  invalid?: boolean
  describedBy?: string | undefined
}

const kNone: readonly Suggestion[] = []

export function ChipsInput(props: Props) {
  const { label, chips, draft, onDraft, onAdd, onRemove, onEdit, suggestions = kNone, icon } = props
  const { addOnBlur = true } = props
  const field = useRef<HTMLInputElement>(null)
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault()
      if (draft.trim() !== '') onAdd(draft)
    } else if (event.key === 'Backspace' && draft === '' && chips.length > 0) {
      event.preventDefault()
      if (onEdit) onEdit(chips.length - 1)
      else onRemove(chips.length - 1)
    }
  }
  const toField = () => field.current?.focus()
  return (
    <div className="flex flex-wrap items-center gap-1.5 px-1.5 py-1.5">
      {icon}
      {chips.map((chip, index) => (
        <Chip
          key={`${index} ${chip}`}
          text={chip}
          onEdit={
            onEdit &&
            (() => {
              onEdit(index)
              toField()
            })
          }
          onRemove={() => {
            onRemove(index)
            toField()
          }}
        />
      ))}
      <Combobox
        inputRef={field}
        aria-label={label}
        aria-invalid={props.invalid ? true : undefined}
        aria-describedby={props.describedBy}
        listLabel={`Suggestions for ${label}`}
        placeholder={props.placeholder}
        value={draft}
        onChange={onDraft}
        suggestions={suggestions}
        onTake={(suggestion) => props.onTake?.(suggestion)}
        onKeyDown={press}
        onBlur={() => addOnBlur && draft.trim() !== '' && onAdd(draft)}
        wrapperClassName="min-w-28 flex-1"
        className="h-6 w-full bg-transparent px-1 font-mono text-small max-md:h-11 max-md:text-[16px]"
      />
    </div>
  )
}

interface ChipProps {
  text: string
  onEdit?: (() => void) | undefined
  onRemove: () => void
}

function Chip({ text, onEdit, onRemove }: ChipProps) {
  const plain = 'inline-flex min-h-6 items-center rounded-l-sm pl-2 font-mono text-small max-md:min-h-11'
  return (
    <span className="inline-flex max-w-full items-center rounded-sm bg-accent-bg text-accent">
      {onEdit ? (
        <button
          type="button"
          aria-label={`Edit ${text}`}
          onClick={onEdit}
          className={cx(plain, 'pr-1 break-all')}
        >
          {text}
        </button>
      ) : (
        <span className={cx(plain, 'pr-1 break-all')}>{text}</span>
      )}
      <button
        type="button"
        aria-label={`Remove ${text}`}
        onClick={onRemove}
        className="inline-flex size-6 items-center justify-center rounded-r-sm hover:text-fg max-md:size-11"
      >
        <X aria-hidden size={13} />
      </button>
    </span>
  )
}

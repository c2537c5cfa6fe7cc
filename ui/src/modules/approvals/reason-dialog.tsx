// Asks once more, with the focus in a reason field: Enter there sends. The button names the effect.
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'

import { Button, type ButtonKind } from '@/components/button'
import { Dialog } from '@/components/dialog'
import { TextArea } from '@/components/field'
import { ErrorState } from '@/components/notice'

const kMaxLetters = 1_000

interface Props {
  title: string
  effect: string // on the button
  kind: ButtonKind
  label: string // of the field
  required: boolean
  description?: string
  pending: boolean
  error: unknown
  onSend: (reason: string) => void
  onClose: () => void
  children?: ReactNode
}

export function ReasonDialog(props: Props) {
  const { title, effect, kind, label, required, description, pending, error, onSend, onClose } = props
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  const [tried, setTried] = useState(false)
  const lacking = required && text.trim() === ''
  const send = () => {
    setTried(true)
    if (lacking) field.current?.focus()
    else if (!pending) onSend(text.trim())
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      initialFocus={field}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind={kind} disabled={pending} onClick={send}>
            {pending ? 'Sending…' : effect}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {props.children}
        {error !== null && error !== undefined && <ErrorState what="This was not accepted." error={error} />}
        <TextArea
          ref={field}
          label={label}
          optional={!required}
          description={description ?? 'Kept with the execution. Enter sends, Shift Enter begins a new line.'}
          error={tried && lacking ? 'Say why.' : undefined}
          maxLength={kMaxLetters}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={pressed}
        />
      </div>
    </Dialog>
  )
}

// A filter of a list. The key f goes there; the answer follows after a short pause in typing.
import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'

import { controlClass } from '@/components/field'
import { cx } from '@/components/class-names'
import { useHotkeys } from '@/lib/hotkeys'

const kPauseMs = 200

interface Props {
  label: string
  value: string
  onChange: (value: string) => void
  className?: string
  hotkey?: boolean // the key f goes here; a page has one such box
}

export function SearchBox({ label, value, onChange, className, hotkey = true }: Props) {
  const [text, setText] = useState(value)
  const [before, setBefore] = useState(value)
  if (before !== value) {
    setBefore(value)
    setText(value)
  }
  const input = useRef<HTMLInputElement>(null)
  const latest = useRef(onChange)
  useEffect(() => {
    latest.current = onChange
  })
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => latest.current(text), kPauseMs)
    return () => clearTimeout(timer)
  }, [text, value])
  useHotkeys(hotkey ? { f: () => input.current?.focus() } : {})
  return (
    <div className={cx('relative', className)}>
      <Search
        aria-hidden
        size={14}
        className="pointer-events-none absolute top-1/2 left-2 -translate-y-1/2 text-faint"
      />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cx(controlClass, 'h-7 w-full pl-7 max-md:h-11')}
      />
    </div>
  )
}

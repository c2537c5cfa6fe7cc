// The text of a field whose value is something else, such as a number. What is typed stays as it is while it
// means the value; a value that changes elsewhere replaces it.
import { useState } from 'react'

export function useTypedText<T>(
  value: T,
  format: (value: T) => string,
  parse: (text: string) => T,
): [string, (text: string) => void] {
  const [text, setText] = useState(() => format(value))
  const now = JSON.stringify(value)
  const [seen, setSeen] = useState(now)
  if (seen !== now) {
    setSeen(now)
    if (JSON.stringify(parse(text)) !== now) setText(format(value))
  }
  return [text, setText]
}

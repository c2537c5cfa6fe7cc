// Rows chosen in a table: a box in each row and one for all of them.
import { useMemo, useState } from 'react'

export interface Choice<T> {
  chosen: ReadonlySet<string>
  toggle: (key: string) => void
  set: (keys: Iterable<string>) => void
  name: (item: T) => string // "Choose <name>"
}

export function useChoice<T>(name: (item: T) => string): Choice<T> {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set<string>())
  return useMemo(
    () => ({
      chosen,
      name,
      set: (keys) => setChosen(new Set(keys)),
      toggle: (key) =>
        setChosen((old) => {
          const next = new Set(old)
          if (!next.delete(key)) next.add(key)
          return next
        }),
    }),
    [chosen, name],
  )
}

const kBox = 'size-4 align-middle accent-accent max-md:size-6'

export function ChooseAll<T>({ choice, keys }: { choice: Choice<T>; keys: string[] }) {
  const some = keys.some((key) => choice.chosen.has(key))
  const all = some && keys.every((key) => choice.chosen.has(key))
  return (
    <input
      type="checkbox"
      aria-label="Choose all"
      checked={all}
      ref={(box) => {
        if (box) box.indeterminate = some && !all
      }}
      onChange={() => choice.set(all ? [] : keys)}
      className={kBox}
    />
  )
}

export function ChooseOne<T>({ choice, item, rowKey }: { choice: Choice<T>; item: T; rowKey: string }) {
  return (
    <input
      type="checkbox"
      aria-label={`Choose ${choice.name(item)}`}
      checked={choice.chosen.has(rowKey)}
      onChange={() => choice.toggle(rowKey)}
      className={kBox}
    />
  )
}

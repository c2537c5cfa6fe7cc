// A selector as chips and what is being typed behind them. The selector is always both together: what the
// field shows is what holds.
import { useState } from 'react'

import { parseSelector, requirementText, selectorFault, splitSelector } from '@/lib/selector'

interface Parts {
  chips: string[]
  draft: string
}

// What cannot be read stays text in the field, where it can be mended.
export function selectorParts(text: string): Parts {
  const parsed = parseSelector(text)
  if (parsed.requirements) return { chips: parsed.requirements.map(requirementText), draft: '' }
  const parts = splitSelector(text).filter((part) => part !== '')
  const wrong = parts.filter((part) => selectorFault(part))
  if (wrong.length > 1) return { chips: [], draft: text }
  return { chips: parts.filter((part) => part !== wrong[0]), draft: wrong[0] ?? '' }
}

export function joinParts({ chips, draft }: Parts): string {
  return [...chips, ...(draft.trim() === '' ? [] : [draft.trim()])].join(',')
}

export function useSelectorChips(text: string, onChange: (text: string) => void) {
  const [parts, setParts] = useState(() => selectorParts(text))
  const [seen, setSeen] = useState(text)
  const [tried, setTried] = useState(false)
  if (seen !== text) {
    setSeen(text)
    if (text !== joinParts(parts)) setParts(selectorParts(text))
  }
  const set = (next: Parts) => {
    setParts(next)
    const joined = joinParts(next)
    if (joined !== joinParts(parts)) onChange(joined)
  }
  const type = (draft: string) => {
    setTried(false)
    // A comma ends a requirement.
    const typed = splitSelector(draft)
    const done = typed.slice(0, -1).filter((part) => part !== '')
    if (done.length > 0 && done.every((part) => !selectorFault(part)))
      set({ chips: [...parts.chips, ...done], draft: typed.at(-1) ?? '' })
    else set({ ...parts, draft })
  }
  const add = (draft: string) => {
    const parsed = parseSelector(draft)
    setTried(parsed.fault !== undefined)
    if (parsed.requirements)
      set({ chips: [...parts.chips, ...parsed.requirements.map(requirementText)], draft: '' })
    else set({ ...parts, draft })
  }
  return {
    ...parts,
    type,
    add,
    remove: (index: number) => set({ ...parts, chips: parts.chips.filter((_, at) => at !== index) }),
    edit: (index: number) => {
      const chips = [...parts.chips, ...(parts.draft.trim() === '' ? [] : [parts.draft.trim()])]
      set({ chips: chips.filter((_, at) => at !== index), draft: chips[index] ?? '' })
    },
    fault: tried && parts.draft.trim() !== '' ? selectorFault(parts.draft) : undefined,
  }
}

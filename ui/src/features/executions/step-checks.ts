// The boxes a person has ticked in an instruction, kept in this browser for this execution and step.
import { useState } from 'react'

const kPrefix = 'runbook-checks:'
const kMostSteps = 200 // older ones are forgotten

interface Kept {
  at: number
  ticked: number[]
}

export function readChecks(storage: Storage, step: string): ReadonlySet<number> {
  try {
    const kept = JSON.parse(storage.getItem(kPrefix + step) ?? '{}') as Partial<Kept>
    return new Set((kept.ticked ?? []).filter((each) => Number.isInteger(each)))
  } catch {
    return new Set()
  }
}

export function keepChecks(storage: Storage, step: string, ticked: ReadonlySet<number>, at: number): void {
  try {
    storage.setItem(kPrefix + step, JSON.stringify({ at, ticked: [...ticked] }))
    forgetOld(storage)
  } catch {
    // A full or forbidden store only means that a reload forgets them.
  }
}

function forgetOld(storage: Storage): void {
  const names = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '').filter((name) =>
    name.startsWith(kPrefix),
  )
  if (names.length <= kMostSteps) return
  const age = (name: string) => Number((JSON.parse(storage.getItem(name) ?? '{}') as Partial<Kept>).at ?? 0)
  names.sort((a, b) => age(a) - age(b))
  for (const name of names.slice(0, names.length - kMostSteps)) storage.removeItem(name)
}

export function useChecks(step: string) {
  const [ticked, setTicked] = useState(() => readChecks(window.localStorage, step))
  const toggle = (place: number) => {
    const next = new Set(ticked)
    if (!next.delete(place)) next.add(place)
    setTicked(next)
    keepChecks(window.localStorage, step, next, Date.now())
  }
  return { ticked, toggle }
}

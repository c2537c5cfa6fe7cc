// What differs between two versions of a runbook, block by block and field by field. Pure.
import type { Block, Parameter, Runbook } from '@/lib/model'

export interface FieldChange {
  name: string // command, targets.selector, environment.PATH
  before: string | undefined // nothing: was not there
  after: string | undefined
}

export type ChangeKind = 'same' | 'added' | 'removed' | 'changed'

export interface Placed<T> {
  item: T
  at: number // from 0
}

export interface Change<T> {
  kind: ChangeKind
  moved: boolean // it stands elsewhere among those both versions have
  before: Placed<T> | undefined
  after: Placed<T> | undefined
  fields: FieldChange[]
}

export interface RunbookDiff {
  facts: FieldChange[]
  parameters: Change<Parameter>[]
  blocks: Change<Block>[]
}

type Content = Pick<Runbook, 'title' | 'description' | 'labels' | 'parameters' | 'blocks'>

export function diffRunbooks(before: Content, after: Content): RunbookDiff {
  const facts = ({ title, description, labels }: Content) => ({ title, description, labels })
  return {
    facts: fieldChanges(facts(before), facts(after)),
    parameters: diffLists(before.parameters, after.parameters, [(one) => one.name]),
    blocks: diffLists(before.blocks, after.blocks, [(one) => one.id, (one) => one.slug], withoutPlace),
  }
}

// What the position says anyway, and what only names the block.
function withoutPlace({ name, slug, type, when, on_failure, config }: Block): object {
  return { name, slug, type, when, on_failure, ...config }
}

export function countChanges(diff: RunbookDiff): Record<'added' | 'removed' | 'changed' | 'moved', number> {
  const all = [...diff.blocks, ...diff.parameters]
  const kinds = (kind: ChangeKind) => all.filter((each) => each.kind === kind).length
  return {
    added: kinds('added'),
    removed: kinds('removed'),
    changed: kinds('changed') + (diff.facts.length > 0 ? 1 : 0),
    moved: diff.blocks.filter((each) => each.moved).length,
  }
}

type Key<T> = (item: T) => string

// Pairs by the first key, then what is left by the next one: a document written anew as YAML has new ids.
function pairs<T>(before: readonly T[], after: readonly T[], keys: Key<T>[]): Map<number, number> {
  const found = new Map<number, number>() // place after -> place before
  const taken = new Set<number>()
  for (const key of keys) {
    const places = new Map(
      before.map((item, at) => [key(item), at] as const).filter(([, at]) => !taken.has(at)),
    )
    after.forEach((item, at) => {
      const place = found.has(at) ? undefined : places.get(key(item))
      if (place === undefined || taken.has(place)) return
      found.set(at, place)
      taken.add(place)
    })
  }
  return found
}

function diffLists<T extends object>(
  before: readonly T[],
  after: readonly T[],
  keys: Key<T>[],
  view: (item: T) => object = (item) => item,
): Change<T>[] {
  const match = pairs(before, after, keys)
  const kept = [...match].sort(([a], [b]) => a - b)
  const still = longestRising(kept.map(([, place]) => place))
  const changes = after.map((item, at): Change<T> => {
    const place = match.get(at)
    const old = place === undefined ? undefined : before[place]
    if (place === undefined || old === undefined)
      return { kind: 'added', moved: false, before: undefined, after: { item, at }, fields: [] }
    const fields = fieldChanges(view(old), view(item))
    const kind = fields.length > 0 ? 'changed' : 'same'
    return { kind, moved: !still.has(place), before: { item: old, at: place }, after: { item, at }, fields }
  })
  const matched = new Set(match.values())
  before.forEach((item, at) => {
    if (matched.has(at)) return
    const gone: Change<T> = {
      kind: 'removed',
      moved: false,
      before: { item, at },
      after: undefined,
      fields: [],
    }
    changes.splice(placeOfRemoved(changes, at), 0, gone)
  })
  return changes
}

// Right after the block that stood before it.
function placeOfRemoved<T>(changes: readonly Change<T>[], at: number): number {
  let place = 0
  let nearest = -1
  changes.forEach((change, index) => {
    const old = change.before?.at
    if (old === undefined || change.moved || old >= at || old < nearest) return
    nearest = old
    place = index + 1
  })
  return place
}

// The values of a longest rising subsequence: what did not move.
export function longestRising(values: readonly number[]): Set<number> {
  const length: number[] = []
  const from: number[] = []
  let best = -1
  values.forEach((value, index) => {
    length[index] = 1
    from[index] = -1
    for (let earlier = 0; earlier < index; earlier += 1) {
      if ((values[earlier] ?? 0) >= value || (length[earlier] ?? 0) < (length[index] ?? 0)) continue
      length[index] = (length[earlier] ?? 0) + 1
      from[index] = earlier
    }
    if (best === -1 || (length[index] ?? 0) > (length[best] ?? 0)) best = index
  })
  const rising = new Set<number>()
  for (let index = best; index >= 0; index = from[index] ?? -1) rising.add(values[index] ?? 0)
  return rising
}

export function fieldChanges(before: object, after: object): FieldChange[] {
  const old = leaves(before)
  const fresh = leaves(after)
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((name) => ({ name, before: old.get(name), after: fresh.get(name) }))
    .filter((each) => each.before !== each.after)
}

// Every value under its path, as a text to read. Objects are opened, lists are one value.
function leaves(value: object, path = '', found = new Map<string, string>()): Map<string, string> {
  for (const [name, each] of Object.entries(value)) {
    if (each === undefined || each === null) continue
    const here = path ? `${path}.${name}` : name
    const isObject = typeof each === 'object' && !Array.isArray(each)
    if (isObject && Object.keys(each as object).length > 0) leaves(each as object, here, found)
    else found.set(here, typeof each === 'string' ? each : JSON.stringify(each))
  }
  return found
}

// Two people changed the same version: what each of them changed, block by block, and the two put together.
import { slugFrom } from '@/features/editor/block-model'
import { type Json, type JsonObject, isObject, isSame, without } from '@/features/editor/yaml-document'

export interface Unit {
  index: number // where it stands in its own list
  name: string
  value: Json
  comments: readonly string[]
  source?: string
}

export interface Side {
  fields: JsonObject // everything that is no list: title, description, "labels team"
  parameters: Unit[]
  blocks: Unit[]
}

export type Choice = 'mine' | 'theirs'
export type Kind = 'field' | 'parameter' | 'block' | 'order'

export interface Difference {
  id: string
  kind: Kind
  name: string
  base: Unit | undefined // undefined: not there
  mine: Unit | undefined
  theirs: Unit | undefined
  by: 'mine' | 'theirs' | 'both' // both: to the same
  conflict: boolean // both touched it, differently
}

interface Row {
  id: string
  base: Unit | undefined
  mine: Unit | undefined
  theirs: Unit | undefined
}

export interface ThreeWay {
  differences: Difference[] // in the order one reads the runbook
  fields: Row[]
  parameters: Row[]
  blocks: Row[]
  order: 'same' | 'mine' | 'theirs' | 'conflict'
}

export interface Picked {
  from: Choice
  unit: Unit
}

export interface Merged {
  fields: Map<string, Json | undefined> // those that differ from theirs; undefined: remove
  parameters: Picked[]
  blocks: Picked[]
}

// -- Who is who --------------------------------------------------------------------------------------------

function member(unit: Unit, name: string): string | undefined {
  const value = isObject(unit.value) ? unit.value[name] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

function slug(unit: Unit): string {
  return member(unit, 'slug') ?? slugFrom(unit.name, unit.index)
}

// What counts: not what a version written as JSON fills in.
function content(unit: Unit): Json {
  if (!isObject(unit.value)) return unit.value
  const defaults = unit.value['on_failure'] === 'stop' ? ['on_failure'] : []
  const own = without(unit.value, 'id', 'order', ...defaults)
  return 'config' in own ? { ...own, slug: slug(unit) } : own
}

function equal(a: Unit | undefined, b: Unit | undefined): boolean {
  if (!a || !b) return a === b
  return isSame(content(a), content(b)) && isSame([...a.comments].sort(), [...b.comments].sort())
}

type Fits = (base: Unit, other: Unit) => boolean

const kBlockFits: Fits[] = [
  (a, b) => member(a, 'id') !== undefined && member(a, 'id') === member(b, 'id'),
  (a, b) => slug(a) === slug(b) && member(a, 'type') === member(b, 'type'),
  (a, b) => isObject(a.value) && isObject(b.value) && isSame(a.value['config'], b.value['config']),
  (a, b) => slug(a) === slug(b),
]
// Two new ones are one only when somebody says so.
const isMarkedSame: Fits = (a, b) =>
  ['id', 'slug'].some((mark) => member(a, mark) !== undefined && member(a, mark) === member(b, mark)) ||
  (!isBlock(a) && a.name === b.name)

function isBlock(unit: Unit): boolean {
  return isObject(unit.value) && 'config' in unit.value
}

const kParameterFits: Fits[] = [(a, b) => a.name === b.name]

// The unit of `others` that each of `list` became.
function partners(list: Unit[], others: Unit[], fits: Fits[]): Map<Unit, Unit> {
  const found = new Map<Unit, Unit>()
  const free = new Set(others)
  for (const fit of fits)
    for (const one of list) {
      if (found.has(one)) continue
      const other = [...free].find((candidate) => fit(one, candidate))
      if (!other) continue
      found.set(one, other)
      free.delete(other)
    }
  return found
}

// From the base to a side: a block may also have another name there.
function became(list: Unit[], others: Unit[], fits: Fits[]): Map<Unit, Unit> {
  const found = partners(list, others, fits)
  const taken = new Set(found.values())
  renamed(list, others, found, new Set(others.filter((one) => !taken.has(one))))
  return found
}

// What stands alone between the same neighbours on both sides is the same block under another name.
function renamed(list: Unit[], others: Unit[], found: Map<Unit, Unit>, free: Set<Unit>): void {
  list.forEach((one, at) => {
    if (found.has(one)) return
    const before = list[at - 1]
    const after = list[at + 1]
    const from = before ? others.indexOf(found.get(before) as Unit) : -1
    const until = after ? others.indexOf(found.get(after) as Unit) : others.length
    const other = others[from + 1]
    if ((before && from < 0) || (after && until < 0) || until !== from + 2) return
    if (!other || !free.has(other) || member(one, 'type') !== member(other, 'type')) return
    found.set(one, other)
    free.delete(other)
  })
}

function rowsOf(kind: Kind, base: Unit[], mine: Unit[], theirs: Unit[], fits: Fits[]): Row[] {
  const toMine = became(base, mine, fits)
  const toTheirs = became(base, theirs, fits)
  const rows: Row[] = base.map((one) => ({
    id: `${kind} ${one.index}`,
    base: one,
    mine: toMine.get(one),
    theirs: toTheirs.get(one),
  }))
  const newMine = mine.filter((one) => ![...toMine.values()].includes(one))
  const newTheirs = theirs.filter((one) => ![...toTheirs.values()].includes(one))
  const both = partners(newMine, newTheirs, [isMarkedSame, equal])
  for (const one of newMine)
    rows.push({ id: `${kind} mine ${one.index}`, base: undefined, mine: one, theirs: both.get(one) })
  for (const one of newTheirs)
    if (![...both.values()].includes(one))
      rows.push({ id: `${kind} theirs ${one.index}`, base: undefined, mine: undefined, theirs: one })
  return rows
}

function fieldRows(base: Side, mine: Side, theirs: Side): Row[] {
  const names = new Set([
    ...Object.keys(base.fields),
    ...Object.keys(mine.fields),
    ...Object.keys(theirs.fields),
  ])
  const unit = (side: Side, name: string): Unit | undefined => {
    const value = side.fields[name]
    return value === undefined ? undefined : { index: 0, name, value, comments: [] }
  }
  return [...names].map((name) => ({
    id: `field ${name}`,
    base: unit(base, name),
    mine: unit(mine, name),
    theirs: unit(theirs, name),
  }))
}

// -- Differences -------------------------------------------------------------------------------------------

function difference(kind: Kind, row: Row): Difference | undefined {
  const byMine = !equal(row.base, row.mine)
  const byTheirs = !equal(row.base, row.theirs)
  if (!byMine && !byTheirs) return undefined
  const conflict = byMine && byTheirs && !equal(row.mine, row.theirs)
  const name = (row.mine ?? row.theirs ?? row.base)?.name ?? ''
  return { ...row, kind, name, by: byMine ? (byTheirs ? 'both' : 'mine') : 'theirs', conflict }
}

// The blocks of both in another order than in the base?
function isMoved(rows: Row[], side: Choice): boolean {
  const places = rows.filter((row) => row.base && row[side]).map((row) => row[side]?.index ?? 0)
  return places.some((place, at) => at > 0 && place < (places[at - 1] ?? 0))
}

function sameOrder(rows: Row[]): boolean {
  const shared = rows.filter((row) => row.mine && row.theirs)
  const by = (side: Choice) => [...shared].sort((a, b) => (a[side]?.index ?? 0) - (b[side]?.index ?? 0))
  return isSame(
    by('mine').map((row) => row.id),
    by('theirs').map((row) => row.id),
  )
}

function orderOf(rows: Row[]): ThreeWay['order'] {
  const mine = isMoved(rows, 'mine')
  const theirs = isMoved(rows, 'theirs')
  if (mine && theirs) return sameOrder(rows) ? 'theirs' : 'conflict'
  return mine ? 'mine' : theirs ? 'theirs' : 'same'
}

function orderDifference(order: ThreeWay['order'], base: Side, mine: Side, theirs: Side): Difference[] {
  if (order === 'same') return []
  const unit = (side: Side): Unit => ({
    index: 0,
    name: 'Order of the blocks',
    value: side.blocks.map((block) => block.name),
    comments: [],
  })
  const by = order === 'conflict' ? 'both' : order
  const units = { base: unit(base), mine: unit(mine), theirs: unit(theirs) }
  return [
    { id: 'order', kind: 'order', name: 'Order of the blocks', ...units, by, conflict: order === 'conflict' },
  ]
}

export function threeWay(base: Side, mine: Side, theirs: Side): ThreeWay {
  const fields = fieldRows(base, mine, theirs)
  const parameters = rowsOf('parameter', base.parameters, mine.parameters, theirs.parameters, kParameterFits)
  const blocks = rowsOf('block', base.blocks, mine.blocks, theirs.blocks, kBlockFits)
  const order = orderOf(blocks)
  const all = (kind: Kind, rows: Row[]) => rows.flatMap((row) => difference(kind, row) ?? [])
  const differences = [
    ...all('field', fields),
    ...all('parameter', parameters),
    ...orderDifference(order, base, mine, theirs),
    ...all('block', blocks),
  ]
  return { differences, fields, parameters, blocks, order }
}

export function conflictsOf(compared: ThreeWay): Difference[] {
  return compared.differences.filter((one) => one.conflict)
}

// -- Together ----------------------------------------------------------------------------------------------

// Whose state of a row is taken.
function winner(row: Row, choices: Readonly<Record<string, Choice>>): Choice {
  if (equal(row.base, row.mine) || equal(row.mine, row.theirs)) return 'theirs'
  if (equal(row.base, row.theirs)) return 'mine'
  const choice = choices[row.id]
  if (!choice) throw new Error(`nobody chose for ${row.id}`)
  return choice
}

function listTogether(rows: Row[], lead: Choice, choices: Readonly<Record<string, Choice>>): Picked[] {
  const result = new Map<Row, Picked>()
  for (const row of rows) {
    const from = winner(row, choices)
    const unit = row[from]
    if (unit) result.set(row, { from, unit })
  }
  const follow: Choice = lead === 'mine' ? 'theirs' : 'mine'
  const placed = (side: Choice) =>
    rows.filter((row) => row[side]).sort((a, b) => (a[side]?.index ?? 0) - (b[side]?.index ?? 0))
  const order = placed(lead)
  const followers = placed(follow)
  followers.forEach((row, at) => {
    if (order.includes(row)) return
    const before = followers.slice(0, at).findLast((one) => order.includes(one))
    order.splice(before ? order.indexOf(before) + 1 : 0, 0, row)
  })
  return order.flatMap((row) => result.get(row) ?? [])
}

// `choices`: for each conflict, by id, whose state is taken.
export function together(compared: ThreeWay, choices: Readonly<Record<string, Choice>>): Merged {
  const fields = new Map<string, Json | undefined>()
  for (const row of compared.fields) {
    if (winner(row, choices) === 'theirs') continue
    fields.set(row.id.slice('field '.length), row.mine?.value)
  }
  const chosen = compared.order === 'conflict' ? choices['order'] : undefined
  if (compared.order === 'conflict' && !chosen) throw new Error('nobody chose the order')
  const lead = chosen ?? (compared.order === 'mine' ? 'mine' : 'theirs')
  return {
    fields,
    parameters: listTogether(compared.parameters, 'theirs', choices),
    blocks: listTogether(compared.blocks, lead, choices),
  }
}

// Which lines two texts share, by their longest common subsequence. Pure.
export type LineKind = 'same' | 'removed' | 'added'

export interface DiffLine {
  kind: LineKind
  text: string
  before: number | undefined // line numbers, from 1
  after: number | undefined
}

// Beyond so many cells the part that differs is shown as replaced as a whole: still right, less fine.
const kMaxCells = 4_000_000

export function linesOf(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

export function diffLines(before: string, after: string): DiffLine[] {
  const a = linesOf(before)
  const b = linesOf(after)
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let aEnd = a.length
  let bEnd = b.length
  while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd -= 1
    bEnd -= 1
  }
  const found: DiffLine[] = []
  const same = (i: number, j: number) =>
    found.push({ kind: 'same', text: a[i] ?? '', before: i + 1, after: j + 1 })
  for (let i = 0; i < start; i += 1) same(i, i)
  for (const step of middle(a.slice(start, aEnd), b.slice(start, bEnd))) {
    const i = start + step.i
    const j = start + step.j
    if (step.kind === 'same') same(i, j)
    else if (step.kind === 'removed')
      found.push({ kind: 'removed', text: a[i] ?? '', before: i + 1, after: undefined })
    else found.push({ kind: 'added', text: b[j] ?? '', before: undefined, after: j + 1 })
  }
  for (let k = 0; aEnd + k < a.length; k += 1) same(aEnd + k, bEnd + k)
  return found
}

interface Step {
  kind: LineKind
  i: number
  j: number
}

function middle(a: string[], b: string[]): Step[] {
  if (a.length * b.length > kMaxCells)
    return [
      ...a.map((_, i): Step => ({ kind: 'removed', i, j: 0 })),
      ...b.map((_, j): Step => ({ kind: 'added', i: a.length, j })),
    ]
  const width = b.length + 1
  const longest = commonLengths(a, b)
  const steps: Step[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      steps.push({ kind: 'same', i, j })
      i += 1
      j += 1
    } else if (
      j >= b.length ||
      (i < a.length && at(longest, (i + 1) * width + j) >= at(longest, i * width + j + 1))
    ) {
      steps.push({ kind: 'removed', i, j })
      i += 1
    } else {
      steps.push({ kind: 'added', i, j })
      j += 1
    }
  }
  return steps
}

// [i * width + j]: how many lines a from i and b from j have in common at most.
function commonLengths(a: string[], b: string[]): Uint32Array {
  const width = b.length + 1
  const longest = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i * width + j] =
        a[i] === b[j]
          ? at(longest, (i + 1) * width + j + 1) + 1
          : Math.max(at(longest, (i + 1) * width + j), at(longest, i * width + j + 1))
  return longest
}

function at(cells: Uint32Array, index: number): number {
  return cells[index] ?? 0
}

export interface DiffRow {
  left: DiffLine | undefined
  right: DiffLine | undefined
}

// Side by side: removed lines stand beside the added ones that took their place.
export function sideBySide(lines: readonly DiffLine[]): DiffRow[] {
  const rows: DiffRow[] = []
  let removed: DiffLine[] = []
  let added: DiffLine[] = []
  const flush = () => {
    for (let k = 0; k < Math.max(removed.length, added.length); k += 1)
      rows.push({ left: removed[k], right: added[k] })
    removed = []
    added = []
  }
  for (const line of lines) {
    if (line.kind === 'removed') removed.push(line)
    else if (line.kind === 'added') added.push(line)
    else {
      flush()
      rows.push({ left: line, right: line })
    }
  }
  flush()
  return rows
}

export interface Fold {
  from: number // index of the first row left out
  to: number // after the last
}

// Runs of unchanged rows that can be left out: all but `context` rows beside a change. Equal texts are shown.
export function foldsOf(changed: readonly boolean[], context: number): Fold[] {
  if (!changed.includes(true)) return []
  const folds: Fold[] = []
  let from = 0
  for (let index = 0; index <= changed.length; index += 1) {
    if (index < changed.length && !changed[index]) continue
    const first = from === 0 ? 0 : from + context
    const last = index === changed.length ? index : index - context
    if (last - first > 1) folds.push({ from: first, to: last })
    from = index + 1
  }
  return folds
}

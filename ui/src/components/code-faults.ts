// What is wrong in a text of the code editor: a wavy line, a mark in the gutter, the words on hover, in the
// app's colours.
import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutter,
  hoverTooltip,
  type Tooltip,
} from '@codemirror/view'

import type { CodeDiagnostic } from '@/components/code-editor'

export const setFaults = StateEffect.define<readonly CodeDiagnostic[]>()

interface Shown {
  list: readonly CodeDiagnostic[]
  marks: DecorationSet
}

function shown(list: readonly CodeDiagnostic[], length: number): Shown {
  const inside = list
    .map((fault) => ({ ...fault, from: Math.min(fault.from, length), to: Math.min(fault.to, length) }))
    .sort((a, b) => a.from - b.from)
  const ranges = inside
    .filter((fault) => fault.to > fault.from)
    .map((fault) =>
      Decoration.mark({ class: 'cm-fault', attributes: { title: fault.message } }).range(
        fault.from,
        fault.to,
      ),
    )
  return { list: inside, marks: Decoration.set(ranges, true) }
}

const faults = StateField.define<Shown>({
  create: () => shown([], 0),
  update(before, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(setFaults)) return shown(effect.value, transaction.newDoc.length)
    if (!transaction.docChanged) return before
    const { changes } = transaction
    const list = before.list.map((fault) => ({
      ...fault,
      from: changes.mapPos(fault.from),
      to: changes.mapPos(fault.to),
    }))
    return { list, marks: before.marks.map(changes) }
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.marks),
})

class Mark extends GutterMarker {
  constructor(readonly message: string) {
    super()
  }
  override eq(other: Mark): boolean {
    return other.message === this.message
  }
  override toDOM(): Node {
    const dot = document.createElement('div')
    dot.className = 'cm-fault-mark'
    dot.title = this.message
    return dot
  }
}

const marks = gutter({
  class: 'cm-faults',
  markers: (view) => {
    const { list } = view.state.field(faults)
    const lines = new Map<number, string>()
    for (const fault of list) {
      const { from } = view.state.doc.lineAt(Math.min(fault.from, view.state.doc.length))
      lines.set(from, [lines.get(from), fault.message].filter(Boolean).join('\n'))
    }
    const ranges = [...lines].sort((a, b) => a[0] - b[0]).map(([from, text]) => new Mark(text).range(from))
    return RangeSet.of(ranges)
  },
  initialSpacer: () => new Mark(''),
})

const tooltip = hoverTooltip((view, position): Tooltip | null => {
  const found = view.state
    .field(faults)
    .list.filter((fault) => fault.from <= position && position <= fault.to)
  const first = found[0]
  if (!first) return null
  return {
    pos: first.from,
    end: first.to,
    create: () => {
      const dom = document.createElement('div')
      dom.className = 'cm-fault-text'
      dom.textContent = found.map((fault) => fault.message).join('\n')
      return { dom }
    },
  }
})

export const faultMarks: Extension = [faults, tooltip]
export const faultGutter: Extension = marks

// The document being edited: its text, what was last read from it, and one history for text and blocks. Plain
// TypeScript; React subscribes. Times and timers come from outside so that tests need no clock.
import type { EditedBlock } from '@/features/editor/block-model'
import { joinEnds, splitEnds } from '@/features/editor/line-ends'
import { type YamlDocument, type YamlError, isSame, parseYaml } from '@/features/editor/yaml-document'
import { type RunbookView, viewOf } from '@/features/editor/yaml-sync'

export interface EditedRunbook extends Omit<RunbookView, 'blocks'> {
  blocks: EditedBlock[]
}

// The version that the edits stand on; a new runbook has none.
export interface Base {
  number: number
  text: string
}

export interface EditorState {
  base: Base | undefined
  text: string
  document: YamlDocument // the last that could be read
  runbook: EditedRunbook
  error: YamlError | undefined // why `text` cannot be read
  settled: boolean // `document` is what `text` says
  canUndo: boolean
  canRedo: boolean
}

interface Moment {
  base: Base | undefined
  text: string
  keys: string[]
}

export interface Clock {
  now: () => number
  after: (milliseconds: number, run: () => void) => () => void // returns the cancel
}

export const browserClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}

const kParsePauseMs = 150
const kOneStepMs = 1000 // typing in one place within this time is one step of the history
const kMaxSteps = 500

const emptyDocument: YamlDocument = (() => {
  const read = parseYaml('')
  if (!read.ok) throw new Error('the empty text is YAML')
  return read.document
})()

export type Edit = (document: YamlDocument) => YamlDocument

export class EditorStore {
  private state: EditorState
  private listeners = new Set<() => void>()
  private past: Moment[] = []
  private future: Moment[] = []
  private lastStep = { place: '', at: 0 }
  private cancelParse: (() => void) | undefined
  private nextKey = 1
  private crlf: boolean

  constructor(
    source: string,
    base?: Base,
    private clock: Clock = browserClock,
  ) {
    const { text, crlf } = splitEnds(source)
    this.crlf = crlf
    const read = parseYaml(text)
    const document = read.ok ? read.document : emptyDocument
    this.state = {
      base,
      text,
      document,
      runbook: this.withKeys(document, undefined, undefined),
      error: read.ok ? undefined : read.error,
      settled: read.ok,
      canUndo: false,
      canRedo: false,
    }
  }

  get = (): EditorState => this.state

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  // The text as it is sent, with the line ends it came with.
  source(): string {
    return joinEnds({ text: this.state.text, crlf: this.crlf })
  }

  // From the text panel: shown at once, read after a pause.
  type(text: string): void {
    if (text === this.state.text) return
    this.remember('text')
    this.show({ text, settled: false })
    this.cancelParse?.()
    this.cancelParse = this.clock.after(kParsePauseMs, () => this.settle())
  }

  // Reads the text now. False when it is not YAML.
  settle(): boolean {
    this.cancelParse?.()
    this.cancelParse = undefined
    if (!this.state.settled) this.read(this.state.text, undefined)
    return this.state.error === undefined
  }

  // From forms and the list. `place`: edits of one place in quick succession are one step. `order`: which
  // block each of the new ones was, -1 for those that are new.
  edit(change: Edit, place = '', order?: readonly number[]): boolean {
    if (!this.settle()) return false
    const document = change(this.state.document)
    if (document.text === this.state.text) return true
    this.remember(place)
    const keys = order?.map((was) => this.state.runbook.blocks[was]?.key ?? this.freshKey())
    this.accept(document, keys)
    return true
  }

  // Another text altogether, such as a draft or a merge, perhaps on another version: one step back.
  replace(source: string, base = this.state.base): void {
    const { text, crlf } = splitEnds(source)
    if (text === this.state.text && base === this.state.base) return
    this.remember('')
    this.crlf = crlf
    this.state = { ...this.state, base }
    this.read(text, undefined)
  }

  // What was edited became a version: all steps of the history stand on that.
  saved(base: Base): void {
    for (const moment of [...this.past, ...this.future]) moment.base = base
    this.show({ base })
  }

  undo = (): void => this.step(this.past, this.future)
  redo = (): void => this.step(this.future, this.past)

  private moment(): Moment {
    return {
      base: this.state.base,
      text: this.state.text,
      keys: this.state.runbook.blocks.map((block) => block.key),
    }
  }

  private remember(place: string): void {
    const now = this.clock.now()
    const again = place !== '' && place === this.lastStep.place && now - this.lastStep.at < kOneStepMs
    this.lastStep = { place, at: now }
    if (!again) this.past.push(this.moment())
    if (this.past.length > kMaxSteps) this.past.shift()
    this.future = []
  }

  private step(from: Moment[], to: Moment[]): void {
    const moment = from.pop()
    if (!moment) return
    to.push(this.moment())
    this.lastStep = { place: '', at: 0 }
    this.state = { ...this.state, base: moment.base }
    this.read(moment.text, moment.keys)
  }

  private read(text: string, keys: string[] | undefined): void {
    this.cancelParse?.()
    this.cancelParse = undefined
    const result = parseYaml(text)
    if (result.ok) this.accept(result.document, keys)
    else this.show({ text, error: result.error, settled: true })
  }

  private accept(document: YamlDocument, keys: string[] | undefined): void {
    const runbook = this.withKeys(document, this.state.runbook, keys)
    this.show({ text: document.text, document, runbook, error: undefined, settled: true })
  }

  private show(next: Partial<EditorState>): void {
    this.state = {
      ...this.state,
      ...next,
      canUndo: this.past.length > 0,
      canRedo: this.future.length > 0,
    }
    for (const listener of this.listeners) listener()
  }

  private freshKey(): string {
    this.nextKey += 1
    return `block-${this.nextKey}`
  }

  private withKeys(
    document: YamlDocument,
    before: EditedRunbook | undefined,
    keys: string[] | undefined,
  ): EditedRunbook {
    const view = viewOf(document)
    const given = keys?.length === view.blocks.length
    const known = given ? keys : sameBlocks(before?.blocks ?? [], view.blocks)
    const blocks = view.blocks.map((block, position) => ({
      ...block,
      key: known[position] ?? this.freshKey(),
    }))
    return { ...view, blocks }
  }
}

// Which of the old blocks each new one is: by id, by content, by slug, then by place and type.
export function sameBlocks(
  before: readonly EditedBlock[],
  after: readonly Omit<EditedBlock, 'key'>[],
): (string | undefined)[] {
  const left = new Map(before.map((block) => [block.key, block]))
  const keys: (string | undefined)[] = after.map(() => undefined)
  const match = (fits: (old: EditedBlock, now: Omit<EditedBlock, 'key'>, position: number) => boolean) =>
    after.forEach((now, position) => {
      if (keys[position] !== undefined) return
      for (const [key, old] of left)
        if (fits(old, now, position)) {
          keys[position] = key
          left.delete(key)
          return
        }
    })
  match((old, now) => now.id !== undefined && old.id === now.id)
  match((old, now) => old.name === now.name && old.type === now.type && isSame(old.config, now.config))
  match((old, now) => now.slug !== undefined && old.slug === now.slug)
  match((old, now, position) => before[position]?.key === old.key && old.type === now.type)
  return keys
}

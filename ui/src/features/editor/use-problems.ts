// What the controller says of the document, 400 ms after an edit; the old answer stays until the new one
// comes.
import { useEffect, useMemo, useState } from 'react'

import { judge } from '@/features/editor/api'
import type { EditedRunbook, EditorState, EditorStore } from '@/features/editor/editor-store'
import { lineOf } from '@/features/editor/yaml-document'
import { placeAt, pointerSteps, pointerTo } from '@/features/editor/yaml-places'
import { type ApiError, toApiError } from '@/lib/api-client'
import type { Fault } from '@/lib/model'

export interface PlacedProblem {
  id: string
  message: string
  pointer: string // into the document as it is now
  block: string | undefined // key of the block
  below: string // the pointer below the block, or the whole one
  line: number // from 1
  from: number
  to: number
}

const kPauseMs = 400

interface Found {
  message: string
  block: string | undefined
  below: string
  line: number | undefined // where the controller saw it
}

interface Judged {
  text: string
  found: Found[]
}

export interface Problems {
  list: PlacedProblem[]
  state: 'checking' | 'checked' | 'unknown'
  error: ApiError | undefined
  report: (faults: Fault[]) => void // from another answer, such as a refused save
}

const kPlace = / \(line (\d+), column \d+\)$/
const kMalformed = /^the YAML text is wrong at line (\d+), column \d+: /i

function found(fault: Fault, runbook: EditedRunbook): Found {
  const place = kPlace.exec(fault.message) ?? kMalformed.exec(fault.message)
  const message = fault.message.replace(kPlace, '').replace(kMalformed, '')
  const line = place ? Number(place[1]) : undefined
  const [first, index, ...rest] = pointerSteps(fault.pointer)
  const block = first === 'blocks' ? runbook.blocks.find((one) => String(one.index) === index) : undefined
  const below = block ? pointerTo(rest) : fault.pointer
  return { message: message.charAt(0).toUpperCase() + message.slice(1), block: block?.key, below, line }
}

function placed(one: Found, state: EditorState, number: number): PlacedProblem | undefined {
  const block = state.runbook.blocks.find((each) => each.key === one.block)
  if (one.block && !block) return undefined // removed since
  const pointer = block ? `/blocks/${block.index}${one.below}` : one.below
  const { text } = state.document
  const place = placeAt(state.document, pointer)
  const atLine = !place.exact || pointer === '' ? lineStartOf(text, one.line) : undefined
  const from = pointer === '' && atLine !== undefined ? atLine : place.from
  const to = pointer === '' && atLine !== undefined ? endOfLine(text, atLine) : place.to
  return {
    id: `${number} ${pointer} ${one.message}`,
    message: one.message,
    pointer,
    block: one.block,
    below: one.below,
    line: lineOf(text, from + 1),
    from,
    to,
  }
}

function lineStartOf(text: string, line: number | undefined): number | undefined {
  if (line === undefined) return undefined
  return text
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, one) => sum + one.length + 1, 0)
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function unreadable(state: EditorState): PlacedProblem[] {
  const { error, text } = state
  if (!error) return []
  const start = lineStartOf(text, error.line) ?? 0
  const from = Math.min(start + error.column - 1, text.length)
  const to = Math.max(endOfLine(text, start), from)
  const message = `YAML: ${error.message}`
  return [{ id: 'yaml', message, pointer: '', block: undefined, below: '', line: error.line, from, to }]
}

export function useProblems(store: EditorStore, state: EditorState): Problems {
  const [judged, setJudged] = useState<Judged>()
  const [failed, setFailed] = useState<{ text: string; error: ApiError }>()
  const { text, error, settled } = state
  const readable = settled && error === undefined
  useEffect(() => {
    if (!readable) return
    const abort = new AbortController()
    const timer = setTimeout(() => {
      judge(text, abort.signal).then(
        (answer) => {
          if (abort.signal.aborted) return
          const { runbook } = store.get()
          setJudged({ text, found: answer.faults.map((fault) => found(fault, runbook)) })
          setFailed(undefined)
        },
        (reason: unknown) => !abort.signal.aborted && setFailed({ text, error: toApiError(reason) }),
      )
    }, kPauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [store, text, readable])

  const list = useMemo(() => {
    if (state.error) return unreadable(state)
    return (judged?.found ?? [])
      .flatMap((one, number) => placed(one, state, number) ?? [])
      .sort((a, b) => a.from - b.from)
  }, [judged, state])
  const report = (faults: Fault[]) => {
    const now = store.get()
    setJudged({ text: now.text, found: faults.map((fault) => found(fault, now.runbook)) })
  }
  const current = judged?.text === text
  const unknown = failed?.text === text
  return {
    list,
    state: error || current ? 'checked' : unknown ? 'unknown' : 'checking',
    error: unknown ? failed.error : undefined,
    report,
  }
}

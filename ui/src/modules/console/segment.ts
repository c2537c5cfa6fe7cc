// A fetched part of the stored output: the bytes of each stream in it, and where the lines that begin in it
// begin, in the order of the commits. It stands by itself: it can be dropped and fetched again.
import { FrameError, type OutputFrame, decodeFrame } from '@/lib/live-frames'
import type { StreamId, Streams } from '@/modules/console/output-source'

const kNewline = 10
const kLengthBytes = 4
const kNameKind = 2
const kHeaderBytes = 24

interface Piece {
  stream: StreamId
  frame: OutputFrame
}

// The bytes of one stream in this part; they have no hole.
export interface Run {
  stream: StreamId
  offset: number // of the first byte in its stream
  bytes: Uint8Array
  tail: Uint8Array | undefined // what follows of a line that does not end here, once it was asked for
}

export interface LinePlace {
  run: Run
  start: number // in run.bytes
  number: number // in its stream, from 1
}

interface Name {
  index: number
  agent_id: string | null
  host: string | null
}

export function readPieces(records: ArrayBuffer, streams: Streams): Piece[] {
  const view = new DataView(records)
  const names = new Map<number, Name>()
  const pieces: Piece[] = []
  let at = 0
  while (at < records.byteLength) {
    if (at + kLengthBytes > records.byteLength) throw new FrameError('a record is cut off')
    const length = view.getUint32(at)
    at += kLengthBytes
    if (length < kHeaderBytes || at + length > records.byteLength) throw new FrameError('a record is cut off')
    const bytes = records.slice(at, at + length)
    at += length
    if (view.getUint8(at - length + 1) === kNameKind) {
      const name = JSON.parse(new TextDecoder().decode(bytes.slice(kHeaderBytes))) as Name
      names.set(name.index, name)
      continue
    }
    const frame = decodeFrame(bytes)
    if (!frame) continue
    const name = names.get(frame.index)
    if (!name) throw new FrameError(`nobody said whose output ${frame.index} is`)
    pieces.push({ stream: streams.of(name.agent_id, name.host, frame.stream), frame })
  }
  return pieces
}

export class Segment {
  readonly runs: Run[] = []
  readonly bytes: number
  readonly lines: number
  private readonly lineRun: Uint32Array
  private readonly lineStart: Uint32Array
  private readonly lineNumber: Uint32Array

  constructor(pieces: Piece[]) {
    const runOf = this.makeRuns(pieces)
    this.bytes = this.runs.reduce((sum, run) => sum + run.bytes.length, 0)
    const most = pieces.reduce((sum, { frame }) => sum + frame.newlines + 1, 0)
    this.lineRun = new Uint32Array(most)
    this.lineStart = new Uint32Array(most)
    this.lineNumber = new Uint32Array(most)
    let lines = 0
    for (const { stream, frame } of pieces) {
      const at = runOf.get(stream) ?? 0
      const base = frame.offset - (this.runs[at]?.offset ?? 0)
      const add = (start: number, number: number) => {
        this.lineRun[lines] = at
        this.lineStart[lines] = base + start
        this.lineNumber[lines] = number
        lines += 1
      }
      addLines(frame, add)
    }
    this.lines = lines
  }

  place(line: number): LinePlace | undefined {
    const run = this.runs[this.lineRun[line] ?? -1]
    if (!run || line >= this.lines) return undefined
    return { run, start: this.lineStart[line] ?? 0, number: this.lineNumber[line] ?? 0 }
  }

  // Which line of this part is line `number` of `stream`; -1: it does not begin here.
  find(stream: string, number: number): number {
    const run = this.runs.findIndex((each) => each.stream.key === stream)
    if (run < 0) return -1
    for (let line = 0; line < this.lines; line += 1)
      if (this.lineNumber[line] === number && this.lineRun[line] === run) return line
    return -1
  }

  private makeRuns(pieces: Piece[]): Map<StreamId, number> {
    const parts = new Map<StreamId, OutputFrame[]>()
    for (const { stream, frame } of pieces) {
      const known = parts.get(stream)
      if (known) known.push(frame)
      else parts.set(stream, [frame])
    }
    const runOf = new Map<StreamId, number>()
    for (const [stream, frames] of parts) {
      const offset = frames[0]?.offset ?? 0
      const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.data.length, 0))
      let at = 0
      for (const frame of frames) {
        if (frame.offset !== offset + at) throw new FrameError('bytes are missing in the middle')
        bytes.set(frame.data, at)
        at += frame.data.length
      }
      runOf.set(stream, this.runs.length)
      this.runs.push({ stream, offset, bytes, tail: undefined })
    }
    return runOf
  }
}

function addLines(frame: OutputFrame, add: (start: number, number: number) => void): void {
  const { data } = frame
  let number = frame.firstLine
  if (frame.beginsLine && data.length > 0) add(0, number)
  for (let at = data.indexOf(kNewline); at >= 0; at = data.indexOf(kNewline, at + 1)) {
    number += 1
    if (at + 1 < data.length) add(at + 1, number)
  }
}

// A step's output as the server keeps it: pieces in the order of their commits. Answers as the REST API does,
// with the records of docs/live-protocol.md, and sends what is printed later as /live does.
import { encodeFrame } from '@/lib/live-frames'
import type { StreamName } from '@/lib/model'
import type {
  LiveFollowing,
  LiveTap,
  Match,
  Matches,
  OutputIndex,
  OutputSource,
  OutputView,
  SearchFor,
  StreamId,
} from '@/modules/console/output-source'

interface Piece {
  host: string
  stream: StreamName
  offset: number // in its stream
  firstLine: number
  beginsLine: boolean
  position: number // in the merged order of the step
  data: Uint8Array
}

const encode = (text: string) => new TextEncoder().encode(text)
const newlines = (data: Uint8Array) => data.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0)

export class FakeOutput implements OutputSource {
  readonly pieces: Piece[] = []
  readonly asked: string[] = []
  asking = 0 // REST requests that were not answered yet
  failing = false
  segmentBytes = 64
  onAsk: () => Promise<void> = () => Promise.resolve()
  private tap: LiveTap | undefined
  private sent = new Map<string, number>()

  print(host: string, text: string | Uint8Array, stream: StreamName = 'stdout'): void {
    const data = typeof text === 'string' ? encode(text) : text
    const before = this.pieces.filter((piece) => piece.host === host && piece.stream === stream)
    const last = before.at(-1)
    this.pieces.push({
      host,
      stream,
      offset: last ? last.offset + last.data.length : 0,
      firstLine: last ? last.firstLine + newlines(last.data) : 1,
      beginsLine: last ? last.data.at(-1) === 10 : true,
      position: this.pieces.reduce((sum, piece) => sum + piece.data.length, 0),
      data,
    })
    this.send()
  }

  index = async (view: OutputView, signal: AbortSignal): Promise<OutputIndex> => {
    await this.ask('index', signal)
    const segments: OutputIndex['segments'] = []
    let end = 0
    for (const piece of this.pieces) {
      if (view.agent !== undefined && piece.host !== view.agent) continue
      const last = segments.at(-1)
      if (!last || end - last.position >= this.segmentBytes) segments.push({ position: end, lines: 0 })
      const segment = segments.at(-1)
      if (segment && inView(piece, view)) segment.lines += begins(piece)
      end += piece.data.length
    }
    const streams = new Map<string, OutputIndex['streams'][number]>()
    let bytes = 0
    for (const piece of this.pieces.filter((each) => inView(each, view))) {
      const key = `${piece.host}/${piece.stream}`
      const known = streams.get(key)
      bytes += piece.data.length
      streams.set(key, {
        agent_id: piece.host,
        host: piece.host,
        stream: piece.stream,
        bytes: piece.offset + piece.data.length,
        lines: (known?.lines ?? 0) + begins(piece),
        ends_line: piece.data.at(-1) === 10,
      })
    }
    const lines = segments.reduce((sum, segment) => sum + segment.lines, 0)
    return { bytes, lines, end, streams: [...streams.values()], segments }
  }

  frames = async (view: OutputView, from: number, to: number, signal: AbortSignal): Promise<ArrayBuffer> => {
    await this.ask(`frames ${from}-${to}`, signal)
    const records: Uint8Array[] = []
    const names: string[] = []
    let position = 0
    for (const piece of this.pieces) {
      if (view.agent !== undefined && piece.host !== view.agent) continue
      const at = position
      position += piece.data.length
      if (at < from || at >= to || !inView(piece, view)) continue
      if (!names.includes(piece.host)) {
        names.push(piece.host)
        records.push(nameRecord(names.length - 1, piece.host))
      }
      records.push(new Uint8Array(frameOf(piece, names.indexOf(piece.host), piece.offset)))
    }
    return withLengths(records)
  }

  bytes = async (id: StreamId, offset: number, limit: number, signal: AbortSignal): Promise<ArrayBuffer> => {
    await this.ask(`bytes ${id.key} ${offset}`, signal)
    const whole = this.pieces.filter((piece) => `${piece.host}/${piece.stream}` === id.key)
    const all = whole.flatMap((piece) => [...piece.data])
    return Uint8Array.from(all.slice(offset, offset + limit)).buffer
  }

  // Understands texts and expressions that mean the same here and there.
  search = async (search: SearchFor, signal: AbortSignal): Promise<Matches> => {
    const { view, q, regex, until, cursor, limit } = search
    await this.ask(`search ${q} ${cursor ?? ''}`, signal)
    const flags = q.startsWith('(?i)') ? 'i' : ''
    const pattern = new RegExp(
      regex ? q.replace('(?i)', '') : q.replace(/[.*+?()[\]]/g, String.raw`\$&`),
      flags,
    )
    const found = this.lines(view).filter((line) => line.position < until && pattern.test(line.text))
    const from = Number(cursor ?? 0)
    const next = from + limit < found.length ? String(from + limit) : null
    return { total: found.length, lines: found.slice(from, from + limit), next_cursor: next }
  }

  follow = (tap: LiveTap): LiveFollowing => {
    this.tap = tap
    const begin = () => {
      this.sent = tap.from()
      this.send()
    }
    begin()
    return {
      askAgain: begin,
      stop: () => {
        if (this.tap === tap) this.tap = undefined
      },
    }
  }

  // Loses what is printed from now on, as a connection that is cut.
  disconnect(): void {
    this.tap = undefined
  }

  // Sends a piece although those before it were not sent.
  sendOnly(number: number): void {
    const piece = this.pieces[number]
    if (piece) this.deliver(piece, piece.offset)
  }

  // All lines of a view in the order in which they begin, as a person would count them.
  lines(view: OutputView): (Match & { text: string })[] {
    const lines: (Match & { text: string })[] = []
    const open = new Map<string, { text: number[] }>()
    const texts: { text: number[] }[] = []
    let position = 0
    for (const piece of this.pieces) {
      if (view.agent !== undefined && piece.host !== view.agent) continue
      const at = position
      position += piece.data.length
      if (!inView(piece, view)) continue
      const key = `${piece.host}/${piece.stream}`
      let number = piece.firstLine
      for (const byte of piece.data) {
        if (!open.has(key)) {
          const text = { text: [] }
          open.set(key, text)
          texts.push(text)
          lines.push({
            agent_id: piece.host,
            host: piece.host,
            stream: piece.stream,
            line: number,
            position: at,
            text: '',
          })
        }
        if (byte === 10) {
          open.delete(key)
          number += 1
        } else open.get(key)?.text.push(byte)
      }
    }
    return lines.map((line, at) => ({
      ...line,
      text: new TextDecoder().decode(Uint8Array.from(texts[at]?.text ?? [])),
    }))
  }

  private send(): void {
    if (!this.tap) return
    for (const piece of this.pieces) {
      const key = `${piece.host}/${piece.stream}`
      const from = this.sent.get(key) ?? 0
      if (this.tap.agent !== undefined && piece.host !== this.tap.agent) continue
      if (piece.offset + piece.data.length <= from) continue
      this.sent.set(key, piece.offset + piece.data.length)
      this.deliver(piece, Math.max(from, piece.offset))
    }
  }

  private deliver(piece: Piece, offset: number): void {
    const skip = offset - piece.offset
    const before = piece.data.subarray(0, skip)
    this.tap?.onFrame(
      { agent: piece.host, host: piece.host },
      {
        stream: piece.stream,
        index: 0,
        offset,
        firstLine: piece.firstLine + newlines(before),
        beginsLine: skip > 0 ? before.at(-1) === 10 : piece.beginsLine,
        newlines: newlines(piece.data.subarray(skip)),
        data: piece.data.slice(skip),
      },
    )
  }

  private async ask(what: string, signal: AbortSignal): Promise<void> {
    this.asked.push(what)
    this.asking += 1
    try {
      await this.onAsk()
      await Promise.resolve()
      signal.throwIfAborted()
      if (this.failing) throw new Error('the controller is away')
    } finally {
      this.asking -= 1
    }
  }
}

function inView(piece: Piece, view: OutputView): boolean {
  return (
    (view.agent === undefined || piece.host === view.agent) &&
    (view.stream === undefined || piece.stream === view.stream)
  )
}

function begins(piece: Piece): number {
  const inside = newlines(piece.data.subarray(0, -1))
  return inside + (piece.beginsLine ? 1 : 0)
}

function frameOf(piece: Piece, index: number, offset: number): ArrayBuffer {
  const { stream, firstLine, beginsLine, data } = piece
  return encodeFrame({ stream, index, offset, firstLine, beginsLine, newlines: newlines(data), data })
}

function nameRecord(index: number, host: string): Uint8Array {
  const name = encode(JSON.stringify({ index, step_id: 'step', agent_id: host, host, attempt: 'a' }))
  const record = new Uint8Array(24 + name.length)
  record.set([1, 2])
  record.set(name, 24)
  return record
}

function withLengths(records: Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(records.reduce((sum, record) => sum + 4 + record.length, 0))
  let at = 0
  for (const record of records) {
    new DataView(whole.buffer).setUint32(at, record.length)
    whole.set(record, at + 4)
    at += 4 + record.length
  }
  return whole.buffer
}

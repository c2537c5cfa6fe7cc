// What came live of one stream, kept as it arrived, with the place where each line begins. It begins where
// the stored part ended, maybe in the middle of a line; lines are counted from 0 from there.
import type { StreamId } from '@/modules/console/output-source'

const kFirstBlockBytes = 4 * 1024
const kMaxBlockBytes = 1024 * 1024
const kNewline = 10

interface Block {
  offset: number // of its first byte in the stream
  bytes: Uint8Array
  length: number
  firstLine: number // the first line that begins in this block or after it
  starts: Uint32Array // relative to the block
  lines: number // lines that begin in this block
}

// Where a stream goes on: what was stored of it before.
export interface StreamBeginning {
  offset: number
  lines: number // that begin before
  endsLine: boolean // the byte before is a newline, or there is none
}

export type Appended = 'added' | 'known' | 'gap'

export interface Line {
  bytes: Uint8Array // cut to the limit asked for
  length: number // of the whole line, without its newline
  open: boolean // no newline yet: more may come
}

export class LogSource {
  private readonly blocks: Block[] = []
  private atLineStart: boolean
  private total = 0 // lines begun so far
  private next: number // offset of the byte that comes next

  constructor(
    readonly index: number,
    readonly stream: StreamId,
    private readonly begins: StreamBeginning,
  ) {
    this.atLineStart = begins.endsLine
    this.next = begins.offset
  }

  get begin(): number {
    return this.begins.offset
  }

  get end(): number {
    return this.next
  }
  get lineCount(): number {
    return this.total
  }
  get heldBytes(): number {
    return this.next - this.begins.offset
  }

  // The line's number in its stream, from 1.
  number(line: number): number {
    return this.begins.lines + line + 1
  }

  // Where a line begins in its stream.
  lineOffset(line: number): number {
    return this.startOf(line)
  }

  // The rest of the line in the middle of which this begins.
  head(limit: number): Line {
    if (this.begins.endsLine) return { bytes: new Uint8Array(), length: 0, open: false }
    const open = this.total === 0 && !this.atLineStart
    const end = this.total > 0 ? this.startOf(0) - 1 : this.next - (this.atLineStart ? 1 : 0)
    const begin = this.begins.offset
    return { bytes: this.slice(begin, Math.min(end, begin + limit)), length: end - begin, open }
  }

  // What is held from `offset` on.
  bytesFrom(offset: number): Uint8Array {
    return this.slice(Math.max(offset, this.begins.offset), this.next)
  }

  // Takes bytes that begin at `offset`. What is already held is skipped; bytes after a gap are refused.
  append(offset: number, data: Uint8Array): Appended {
    if (offset > this.next) return 'gap'
    const fresh = data.subarray(this.next - offset)
    if (fresh.length === 0) return 'known'
    let rest = fresh
    while (rest.length > 0) {
      const block = this.room(rest.length)
      const part = rest.subarray(0, block.bytes.length - block.length)
      this.fill(block, part)
      rest = rest.subarray(part.length)
    }
    return 'added'
  }

  line(number: number, limit: number): Line {
    const start = this.startOf(number)
    const last = number + 1 >= this.total
    const open = last && !this.atLineStart
    const end = last ? this.next - (open ? 0 : 1) : this.startOf(number + 1) - 1
    return { bytes: this.slice(start, Math.min(end, start + limit)), length: end - start, open }
  }

  private room(wanted: number): Block {
    const last = this.blocks.at(-1)
    if (last && last.length < last.bytes.length) return last
    const size = Math.min(kMaxBlockBytes, Math.max(kFirstBlockBytes, wanted, (last?.bytes.length ?? 0) * 2))
    const block = {
      offset: this.next,
      bytes: new Uint8Array(size),
      length: 0,
      firstLine: this.total,
      starts: new Uint32Array(64),
      lines: 0,
    }
    this.blocks.push(block)
    return block
  }

  private fill(block: Block, part: Uint8Array): void {
    block.bytes.set(part, block.length)
    let at = 0
    while (at < part.length) {
      if (this.atLineStart) this.beginLine(block, block.length + at)
      const newline = part.indexOf(kNewline, at)
      this.atLineStart = newline >= 0
      at = newline < 0 ? part.length : newline + 1
    }
    block.length += part.length
    this.next += part.length
  }

  private beginLine(block: Block, at: number): void {
    if (block.lines === block.starts.length) {
      const larger = new Uint32Array(block.lines * 2)
      larger.set(block.starts)
      block.starts = larger
    }
    block.starts[block.lines] = at
    block.lines += 1
    this.total += 1
  }

  private startOf(line: number): number {
    let low = 0
    let high = this.blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.blocks[middle]?.firstLine ?? 0) <= line) low = middle
      else high = middle - 1
    }
    const block = this.blocks[low]
    if (!block || line < block.firstLine || line >= block.firstLine + block.lines)
      throw new RangeError(`line ${line} is not held`)
    return block.offset + (block.starts[line - block.firstLine] ?? 0)
  }

  private slice(start: number, end: number): Uint8Array {
    const parts: Uint8Array[] = []
    for (const block of this.blocksFrom(start)) {
      if (block.offset >= end) break
      const from = Math.max(0, start - block.offset)
      parts.push(block.bytes.subarray(from, Math.min(block.length, end - block.offset)))
    }
    if (parts.length === 1 && parts[0]) return parts[0]
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }

  private *blocksFrom(offset: number): Generator<Block> {
    let low = 0
    let high = this.blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.blocks[middle]?.offset ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    for (let at = low; at < this.blocks.length; at += 1) {
      const block = this.blocks[at]
      if (block) yield block
    }
  }
}

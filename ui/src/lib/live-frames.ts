// Output frames of /live: a 24-byte big-endian header, then raw bytes (docs/live-protocol.md).
import type { StreamName } from '@/lib/model'

export const kFrameHeaderBytes = 24
const kVersion = 1
const kOutputKind = 1
const kBeginsLine = 1 // of the flags
const kStreams: Record<number, StreamName> = { 1: 'stdout', 2: 'stderr' }

export interface OutputFrame {
  stream: StreamName
  index: number // names step and host, see the "stream" event
  offset: number // of the first byte in its stream
  firstLine: number // line number the first byte belongs to, from 1
  beginsLine: boolean // the first byte is the first of its line
  newlines: number
  data: Uint8Array
}

export class FrameError extends Error {}

// Nothing for kinds of frame this page does not know; throws on what is not a frame.
export function decodeFrame(buffer: ArrayBuffer): OutputFrame | undefined {
  if (buffer.byteLength < kFrameHeaderBytes) throw new FrameError('the frame is shorter than its header')
  const view = new DataView(buffer)
  if (view.getUint8(0) !== kVersion) throw new FrameError(`frame version ${view.getUint8(0)} is not known`)
  if (view.getUint8(1) !== kOutputKind) return undefined
  const stream = kStreams[view.getUint8(2)]
  if (!stream) throw new FrameError(`stream ${view.getUint8(2)} is not known`)
  const offset = view.getBigUint64(8)
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) throw new FrameError('the offset is too large')
  return {
    stream,
    index: view.getUint32(4),
    offset: Number(offset),
    firstLine: view.getUint32(16),
    beginsLine: (view.getUint8(3) & kBeginsLine) !== 0,
    newlines: view.getUint32(20),
    data: new Uint8Array(buffer, kFrameHeaderBytes),
  }
}

export function encodeFrame(frame: OutputFrame): ArrayBuffer {
  const buffer = new ArrayBuffer(kFrameHeaderBytes + frame.data.length)
  const view = new DataView(buffer)
  view.setUint8(0, kVersion)
  view.setUint8(1, kOutputKind)
  view.setUint8(2, frame.stream === 'stdout' ? 1 : 2)
  view.setUint8(3, frame.beginsLine ? kBeginsLine : 0)
  view.setUint32(4, frame.index)
  view.setBigUint64(8, BigInt(frame.offset))
  view.setUint32(16, frame.firstLine)
  view.setUint32(20, frame.newlines)
  new Uint8Array(buffer, kFrameHeaderBytes).set(frame.data)
  return buffer
}

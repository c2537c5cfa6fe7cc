import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { FrameError, decodeFrame, encodeFrame } from '@/lib/live-frames'
import type { StreamName } from '@/lib/model'

interface Vector {
  name: string
  index: number
  stream: StreamName
  offset: number
  first_line: number
  begins_line: boolean
  newlines: number
  data: string
  frame: string
}

const file = join(import.meta.dirname, '../../../protocol/vectors/live_frames.json')
const vectors = (JSON.parse(readFileSync(file, 'utf8')) as { frames: Vector[] }).frames

const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
const toHex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

describe('live frames', () => {
  it.each(vectors)('reads and writes: $name', (vector) => {
    const frame = decodeFrame(fromHex(vector.frame).buffer)
    expect(frame).toMatchObject({
      index: vector.index,
      stream: vector.stream,
      offset: vector.offset,
      firstLine: vector.first_line,
      beginsLine: vector.begins_line,
      newlines: vector.newlines,
    })
    if (!frame) return
    expect(toHex(frame.data)).toBe(vector.data)
    expect(toHex(new Uint8Array(encodeFrame(frame)))).toBe(vector.frame)
  })

  const good = new Uint8Array(
    encodeFrame({
      stream: 'stdout',
      index: 0,
      offset: 0,
      firstLine: 1,
      beginsLine: true,
      newlines: 0,
      data: Uint8Array.of(65),
    }),
  )
  const changed = (at: number, value: number) => {
    const bytes = good.slice()
    bytes[at] = value
    return bytes.buffer
  }

  it('refuses what is not a frame', () => {
    expect(() => decodeFrame(new ArrayBuffer(23))).toThrow(FrameError)
    expect(() => decodeFrame(changed(0, 2))).toThrow(FrameError)
    expect(() => decodeFrame(changed(2, 3))).toThrow(FrameError)
    expect(() => decodeFrame(changed(8, 255))).toThrow(FrameError)
  })

  it('passes over kinds of frame it does not know', () => {
    expect(decodeFrame(changed(1, 9))).toBeUndefined()
  })
})

// Links to lines: #L182000, #L10-L25; of standard error, where both streams are shown, #E12.
import type { StreamName } from '@/lib/model'

export interface LineLink {
  stream: StreamName | undefined // nothing: the one that is shown, or standard output
  from: number
  to: number
}

const kLink = /^#([LE])([1-9]\d{0,9})(?:-[LE]([1-9]\d{0,9}))?$/

export function parseLineLink(hash: string): LineLink | undefined {
  const match = kLink.exec(hash)
  if (!match) return undefined
  const from = Number(match[2])
  const to = match[3] === undefined ? from : Number(match[3])
  return {
    stream: match[1] === 'E' ? 'stderr' : undefined,
    from: Math.min(from, to),
    to: Math.max(from, to),
  }
}

// `shown` is the one stream that is shown, if it is one.
export function lineHash(
  stream: StreamName,
  from: number,
  to: number,
  shown: StreamName | undefined,
): string {
  const sign = stream === 'stderr' && shown === undefined ? 'E' : 'L'
  return `#${sign}${from}${to > from ? `-${sign}${to}` : ''}`
}

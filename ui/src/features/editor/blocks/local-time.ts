// Moments between RFC 3339 and the fields of a browser, which know no zone but their own.
const kWithZone = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/

function two(value: number): string {
  return String(value).padStart(2, '0')
}

// 2026-11-22T09:30:00 in the browser's zone; undefined for what names no moment.
export function toLocalInput(time: string): string | undefined {
  if (!kWithZone.test(time)) return undefined
  const moment = new Date(time)
  if (Number.isNaN(moment.getTime())) return undefined
  const year = String(moment.getFullYear()).padStart(4, '0')
  const day = `${year}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`
}

export function fromLocalInput(local: string): string | undefined {
  const moment = new Date(local)
  if (local === '' || Number.isNaN(moment.getTime())) return undefined
  return moment.toISOString().replace('.000Z', 'Z')
}

export function utcText(time: string): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ')
}

export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'local time'
}

// Expected answers of a request: 200..299, 404
export function statusText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value)
  return value.map(String).join(', ')
}

// What is neither a number nor a range stays the text it is, so that the document shows what was typed.
export function readStatuses(text: string): (number | string)[] | undefined {
  const parts = text
    .split(/[,\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.length === 0) return undefined
  return parts.map((part) => (/^\d{1,9}$/.test(part) ? Number(part) : part))
}

export function statusFault(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) return 'This is a list of numbers and ranges such as 200..299.'
  for (const each of value as unknown[]) {
    const range = /^([1-5]\d\d)(?:\.\.([1-5]\d\d))?$/.exec(String(each))
    if (!range) return `${String(each)} is no status such as 204 or 200..299.`
    if (range[2] && Number(range[2]) < Number(range[1])) return `${String(each)} ends before it begins.`
  }
  return undefined
}

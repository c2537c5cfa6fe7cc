// Lengths of time as people write them: 90, 90s, 5m, 1h 30m, 2d.
const kUnits: Record<string, number> = { s: 1, sec: 1, m: 60, min: 60, h: 3600, d: 86_400 }

// Seconds, or undefined for what is no length of time.
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase()
  if (/^\d+$/.test(trimmed)) return safe(Number(trimmed))
  const clock = /^(?:(\d+):)?(\d{1,2}):(\d{2})$/.exec(trimmed)
  if (clock) return fromClock(Number(clock[1] ?? 0), Number(clock[2]), Number(clock[3]))
  if (!/^(?:\d+\s*(?:d|h|min|m|sec|s)\s*)+$/.test(trimmed)) return undefined
  let seconds = 0
  for (const [, amount, unit] of trimmed.matchAll(/(\d+)\s*(d|h|min|m|sec|s)/g))
    seconds += Number(amount) * (kUnits[unit ?? ''] ?? 0)
  return safe(seconds)
}

function fromClock(hours: number, minutes: number, seconds: number): number | undefined {
  return minutes < 60 && seconds < 60 ? safe(hours * 3600 + minutes * 60 + seconds) : undefined
}

function safe(seconds: number): number | undefined {
  return Number.isSafeInteger(seconds) ? seconds : undefined
}

// 90 -> "1m 30s", 120 -> "2m", 86400 -> "1d"
export function formatDuration(seconds: number): string {
  if (!Number.isSafeInteger(seconds) || seconds < 0) return String(seconds)
  const parts: string[] = []
  let rest = seconds
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    const amount = Math.floor(rest / size)
    if (amount > 0) parts.push(`${amount}${unit}`)
    rest -= amount * size
  }
  if (rest > 0 || parts.length === 0) parts.push(`${rest}s`)
  return parts.join(' ')
}

// Times for people, in the zone they chose. All functions take the current time so that tests need no clock.
import { usePreferences } from '@/lib/preferences'

const kSecond = 1000
const kMinute = 60 * kSecond
const kHour = 60 * kMinute
const kDay = 24 * kHour

// 0:09, 12:34, 3:02:01
export function duration(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / kSecond))
  const seconds = String(total % 60).padStart(2, '0')
  const minutes = Math.floor(total / 60) % 60
  const hours = Math.floor(total / 3600)
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

// "12 min", "3 h 20 min", "2 d 4 h": about how long
export function durationWords(milliseconds: number): string {
  if (milliseconds < kMinute) return `${Math.floor(milliseconds / kSecond)} s`
  if (milliseconds < kHour) return `${Math.floor(milliseconds / kMinute)} min`
  const [large, small, big, little] =
    milliseconds < kDay ? [kHour, kMinute, 'h', 'min'] : [kDay, kHour, 'd', 'h']
  const rest = Math.floor((milliseconds % large) / small)
  return `${Math.floor(milliseconds / large)} ${big}${rest > 0 ? ` ${rest} ${little}` : ''}`
}

export function between(start: string | null, end: string | null, now: number): number | undefined {
  if (!start) return undefined
  return (end ? Date.parse(end) : now) - Date.parse(start)
}

export function ago(time: string, now: number): string {
  const passed = now - Date.parse(time)
  if (passed < 10 * kSecond) return 'just now'
  if (passed < kMinute) return `${Math.floor(passed / kSecond)} s ago`
  if (passed < kHour) return `${Math.floor(passed / kMinute)} min ago`
  if (passed < kDay) return `${Math.floor(passed / kHour)} h ago`
  if (passed < 30 * kDay) return `${Math.floor(passed / kDay)} d ago`
  return new Date(time).toLocaleDateString(undefined, { dateStyle: 'medium', ...zone() })
}

// What toLocaleString and its like take: nothing means the browser's zone.
export function zone(): { timeZone?: string } {
  return usePreferences.getState().utc ? { timeZone: 'UTC' } : {}
}

export function exactTime(time: string): string {
  const text = new Date(time).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...zone(),
  })
  return usePreferences.getState().utc ? `${text} UTC` : text
}

export function clockTime(time: number): string {
  return new Date(time).toLocaleTimeString(undefined, { hour12: false, ...zone() })
}

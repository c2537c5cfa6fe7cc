import type { ApiKey } from '@/lib/model'

export type KeyState = 'active' | 'expired' | 'revoked'

export function keyState(key: ApiKey, now: number): KeyState {
  if (key.revoked_at !== null) return 'revoked'
  return key.expires_at !== null && Date.parse(key.expires_at) <= now ? 'expired' : 'active'
}

const kDayMs = 24 * 3_600_000

export const lifetimes = [
  { days: 1, name: '1 day' },
  { days: 30, name: '30 days' },
  { days: 90, name: '90 days' },
  { days: 365, name: '1 year' },
  { days: 0, name: 'Never' },
]

export function expiryAfter(days: number, now: number): string | null {
  return days === 0 ? null : new Date(now + days * kDayMs).toISOString()
}

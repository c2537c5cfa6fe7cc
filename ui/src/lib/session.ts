// What the page knows of its session: the CSRF token (in memory only; GET /me gives it again after a reload)
// and a signal for "the cookie is no longer good". The key itself is never kept.
let token = ''
const listeners = new Set<() => void>()

export function csrfToken(): string {
  return token
}

export function rememberCsrfToken(value: string | undefined): void {
  token = value ?? ''
}

export function sessionLost(): void {
  token = ''
  for (const listener of listeners) listener()
}

export function onSessionLost(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

// Sign in: paste a key, or arrive by a one-use link whose token lies in the fragment (it never reaches a
// server log).
import { KeyRound, ShieldX } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Navigate, useLocation, useNavigate } from 'react-router'

import { Button } from '@/components/button'
import { TextField } from '@/components/field'
import { usePageTitle } from '@/components/page'
import { type ApiError, toApiError } from '@/lib/api-client'
import { paths } from '@/lib/paths'
import { type Credentials, useMe, useSignIn } from '@/lib/use-me'

function tokenOf(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? undefined
}

function explain(error: ApiError, byLink: boolean): string {
  if (error.status !== 401 && error.status !== 422) return error.message
  return byLink
    ? 'This sign-in link was used before or has expired. Paste a key, or ask for a new link.'
    : 'This key is not valid. It may have been revoked or have expired.'
}

export function LoginPage() {
  usePageTitle('Sign in')
  const location = useLocation()
  const navigate = useNavigate()
  const me = useMe()
  const signIn = useSignIn()
  const [key, setKey] = useState('')
  const [byLink, setByLink] = useState(tokenOf(location.hash) !== undefined)
  const started = useRef(false)
  const { next = paths.home, ended = false } = (location.state ?? {}) as { next?: string; ended?: boolean }

  const submit = (credentials: Credentials) =>
    signIn.mutate(credentials, { onSuccess: () => void navigate(next, { replace: true }) })

  useEffect(() => {
    const token = tokenOf(location.hash)
    if (token === undefined || started.current) return
    started.current = true
    // The token must not stay in the address bar or the history.
    window.history.replaceState(window.history.state, '', window.location.pathname)
    signIn.mutate({ token }, { onSuccess: () => void navigate(next, { replace: true }) })
  }, [location.hash, navigate, next, signIn])

  if (me.data && !byLink && !signIn.isPending) return <Navigate to={next} replace />

  const send = (event: FormEvent) => {
    event.preventDefault()
    setByLink(false)
    submit({ key: key.trim() })
  }
  const error = signIn.error ? explain(toApiError(signIn.error), byLink) : undefined
  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <div className="flex w-full max-w-[400px] flex-col gap-5 rounded-lg border border-line bg-surface p-6">
        <div className="flex items-center gap-2.5">
          <KeyRound aria-hidden size={20} className="text-accent" />
          <h1 className="text-title font-semibold">Sign in to Runbook Studio</h1>
        </div>
        {ended && !byLink && (
          <p role="alert" className="flex items-start gap-2 text-waiting">
            <ShieldX aria-hidden size={16} className="mt-0.5 shrink-0" />
            You were signed out: your key was revoked or has expired, or your session ended. Nothing more is
            shown until you sign in again.
          </p>
        )}
        {byLink && signIn.isPending ? (
          <p role="status">Signing in with your link…</p>
        ) : (
          <form onSubmit={send} className="flex flex-col gap-4">
            <TextField
              label="API key"
              description="Paste a key. It is exchanged for a session and not kept in this page."
              error={error}
              type="password"
              autoComplete="current-password"
              mono
              required
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
            <Button kind="primary" type="submit" disabled={signIn.isPending || key.trim() === ''}>
              {signIn.isPending ? 'Signing in…' : 'Sign in'}
            </Button>
          </form>
        )}
      </div>
    </main>
  )
}

// Signed in, or on the way to the login page and back. Starts and ends the live connection with the session.
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { Navigate, useLocation } from 'react-router'

import { ErrorState, SkeletonRows } from '@/components/notice'
import { toApiError } from '@/lib/api-client'
import { live, useConnection } from '@/lib/live'
import { paths } from '@/lib/paths'
import { onSessionLost } from '@/lib/session'
import { meKey, useMe } from '@/lib/use-me'

export function RequireSession({ children }: { children: ReactNode }) {
  const me = useMe()
  const queries = useQueryClient()
  const location = useLocation()
  const { restored } = useConnection()
  const signedIn = me.data !== undefined

  useEffect(() => {
    if (!signedIn) return
    live.start()
    return () => live.stop()
  }, [signedIn])

  // Changes that came while the connection was lost are read again.
  useEffect(() => {
    if (restored > 0) void queries.invalidateQueries()
  }, [queries, restored])

  // Without a session the question who is signed in is itself refused: it is asked again only if someone was.
  // What that person could read is forgotten.
  const [ended, setEnded] = useState(false)
  useEffect(
    () =>
      onSessionLost(() => {
        if (queries.getQueryData(meKey) === undefined) return
        setEnded(true)
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meKey[0] })
        void queries.resetQueries({ queryKey: meKey })
      }),
    [queries],
  )

  if (me.data) return children
  if (me.isPending) return <SkeletonRows />
  if (toApiError(me.error).status === 401) {
    const next = location.pathname + location.search + location.hash
    return <Navigate to={paths.login} replace state={{ next, ended }} />
  }
  return (
    <ErrorState what="The controller does not answer." error={me.error} onRetry={() => void me.refetch()} />
  )
}

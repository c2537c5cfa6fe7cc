import { QueryClient } from '@tanstack/react-query'

import { ApiError } from '@/lib/api-client'

const kMaxRetries = 2

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Live events reach a query only while something shows it: what comes back on the screen is asked
        // again.
        staleTime: 0,
        // What the server understood and refused stays refused.
        retry: (count, error) =>
          count < kMaxRetries && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
      // What cannot be sent now is refused now: kept until the network is back, it would run when nobody
      // expects it any more.
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

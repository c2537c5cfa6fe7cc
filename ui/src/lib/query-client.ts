import { QueryClient } from '@tanstack/react-query'

import { ApiError } from '@/lib/api-client'

const kMaxRetries = 2

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What the server understood and refused stays refused.
        retry: (count, error) =>
          count < kMaxRetries && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
      mutations: { retry: false },
    },
  })
}

import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { RouterProvider } from 'react-router'

import { makeRouter } from '@/app/router'
import { makeQueryClient } from '@/lib/query-client'

export function App() {
  const [queries] = useState(makeQueryClient)
  const [router] = useState(makeRouter)
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CSPProvider>
  )
}

// Renders a page at an address, with fresh queries and the routes a test names.
import { QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { MemoryRouter, Route, Routes } from 'react-router'

import { makeQueryClient } from '@/lib/query-client'

interface Options {
  path?: string // route of the page, such as /runbooks/:id
  at?: string // address
  others?: Record<string, ReactNode>
}

export function renderPage(page: ReactNode, { path = '/', at = '/', others = {} }: Options = {}) {
  const queries = makeQueryClient()
  queries.setDefaultOptions({ queries: { retry: false } })
  return render(
    <QueryClientProvider client={queries}>
      <MemoryRouter initialEntries={[at]}>
        <Routes>
          <Route path={path} element={page} />
          {Object.entries(others).map(([where, element]) => (
            <Route key={where} path={where} element={element} />
          ))}
        </Routes>
      </MemoryRouter>
    </QueryClientProvider>,
  )
}

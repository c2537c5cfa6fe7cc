import { useQuery } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { useLocation } from 'react-router'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { RequireSession } from '@/app/require-session'
import { api } from '@/lib/api-client'
import { live } from '@/lib/live'
import { renderPage } from '@/testing/render'
import { me, problem, server } from '@/testing/server'

let signedIn = true
let asked = 0

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())
beforeEach(() => {
  signedIn = true
  asked = 0
  vi.spyOn(live, 'start').mockReturnValue()
  vi.spyOn(live, 'stop').mockReturnValue()
  const refused = () => problem(401, 'unauthorized', 'Sign in first.')
  server.use(
    http.get('*/me', () => {
      asked += 1
      return signedIn ? HttpResponse.json(me) : refused()
    }),
    http.get('*/agents', () => (signedIn ? HttpResponse.json({ items: [] }) : refused())),
  )
})

function Hosts() {
  const agents = useQuery({ queryKey: ['agents'], queryFn: () => api.get('agents') })
  return <button onClick={() => void agents.refetch()}>Read again</button>
}

function Login() {
  const { ended } = useLocation().state as { ended: boolean }
  return <p>{ended ? 'signed out' : 'the login page'}</p>
}

const open = () =>
  renderPage(
    <RequireSession>
      <Hosts />
    </RequireSession>,
    { path: '/hosts', at: '/hosts', others: { '/login': <Login /> } },
  )

describe('RequireSession', () => {
  it('sends who is not signed in to the login page, and asks once', async () => {
    signedIn = false
    open()
    expect(await screen.findByText('the login page')).toBeInTheDocument()
    expect(asked).toBe(1)
  })

  it('sends who was signed out elsewhere to the login page, and says so', async () => {
    open()
    const again = await screen.findByRole('button', { name: 'Read again' })
    signedIn = false
    await userEvent.click(again)
    expect(await screen.findByText('signed out')).toBeInTheDocument()
    expect(asked).toBe(2)
  })
})

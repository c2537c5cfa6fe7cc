import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { LoginPage } from '@/features/auth/login-page'
import { renderPage } from '@/testing/render'
import { me, problem, server } from '@/testing/server'

let signedIn = false
let given: unknown[] = []

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())
beforeEach(() => {
  signedIn = false
  given = []
  server.use(
    http.get('*/me', () =>
      signedIn ? HttpResponse.json(me) : problem(401, 'unauthorized', 'Sign in first.'),
    ),
    http.post('*/session', async ({ request }) => {
      const body = (await request.json()) as { key?: string; token?: string }
      given.push(body)
      if (body.key === 'bad' || body.token === 'used') return problem(401, 'unauthorized', 'no')
      signedIn = true
      return HttpResponse.json({ csrf_token: 'csrf' }, { status: 201 })
    }),
  )
})

const open = (hash = '') =>
  renderPage(<LoginPage />, {
    path: '/login',
    at: `/login${hash}`,
    others: { '/': <p>home</p> },
  })

describe('LoginPage', () => {
  it('exchanges a pasted key and goes on', async () => {
    open()
    await userEvent.type(await screen.findByLabelText('API key'), '  rbk_good ')
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
    expect(await screen.findByText('home')).toBeInTheDocument()
    expect(given).toEqual([{ key: 'rbk_good' }])
  })

  it('says that a key is not valid', async () => {
    open()
    await userEvent.type(await screen.findByLabelText('API key'), 'bad')
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
    expect(await screen.findByText(/This key is not valid/)).toBeInTheDocument()
    expect(screen.getByLabelText('API key')).toBeInvalid()
  })

  it('exchanges the token of a sign-in link once', async () => {
    open('#token=abc')
    expect(await screen.findByText('home')).toBeInTheDocument()
    expect(given).toEqual([{ token: 'abc' }])
  })

  it('says that a link was used before', async () => {
    open('#token=used')
    expect(await screen.findByText(/This sign-in link was used before/)).toBeInTheDocument()
  })
})

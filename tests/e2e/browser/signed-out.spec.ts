// A key is revoked while its owner watches a console: the stream ends, the page says why and shows no more.
import { expect, test } from './browser.ts'

const kEndless = 'i=0; while :; do i=$((i+1)); echo "line $i of it"; sleep 0.05; done'

test('a revoked key ends the console that is open', async ({ page, api, ui }) => {
  const key = await api.json<{ id: string; key: string }>('POST', '/api-keys', {
    name: 'watcher',
    owner: 'tom',
    roles: ['viewer'],
  })
  const session = await page
    .context()
    .request.post(`${api.controller.url}/session`, { data: { key: key.key } })
  expect(session.status()).toBe(201)
  let frames = 0
  let closed = false
  page.on('websocket', (socket) => {
    socket.on('framereceived', () => (frames += 1))
    socket.on('close', () => (closed = true))
  })
  const id = await api.runCommand(kEndless, ['local-1'])
  await page.goto(ui(`/executions/${id}`))
  const output = page.getByRole('log')
  await expect(output).toContainText(/line \d+ of it/)
  expect(closed).toBe(false)

  await api.json('DELETE', `/api-keys/${key.id}`)
  const at = performance.now()
  await expect(page.getByRole('alert')).toContainText('You were signed out: your key was revoked')
  const took = Math.round(performance.now() - at)
  test.info().annotations.push({ type: 'signed out after', description: `${took} ms` })
  console.log(`the page said it after ${took} ms`)
  expect(closed).toBe(true)
  await expect(page).toHaveURL(ui('/login'))
  await expect(output).toHaveCount(0)
  expect(await page.content()).not.toContain('of it')

  // The run goes on, and the page gets nothing more of it.
  const seen = frames
  const before = (await api.step(id, 'command')).output_bytes
  await expect.poll(async () => (await api.step(id, 'command')).output_bytes).toBeGreaterThan(before + 200)
  expect(frames).toBe(seen)
  await page.goto(ui(`/executions/${id}`))
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await api.control(id, 'stop')
  await api.waitFor(id)
})

// The live connection is cut in the middle of output: the page says so, comes back, and nothing is missing or
// doubled.
import { expect, test } from './browser.ts'

const kLines = 600
const kScript = `i=0
while [ $i -lt ${kLines} ]; do
  echo "line $i"
  i=$((i+1))
  if [ $((i % 10)) = 0 ]; then sleep 0.05; fi
done`

test('a lost connection is told, and caught up exactly', async ({ page, api, ui }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  let down = false
  let cut: () => Promise<void> = () => Promise.resolve()
  await page.routeWebSocket('**/live', (socket) => {
    if (down) return void socket.close()
    const server = socket.connectToServer()
    cut = async () => {
      await server.close()
      await socket.close()
    }
  })
  const id = await api.runCommand(kScript, ['local-1'])
  await page.goto(ui(`/executions/${id}`))
  const output = page.getByRole('log')
  await expect(output).toContainText('line 20')

  down = true
  await cut()
  await expect(page.getByText('Live updates lost.')).toBeVisible()
  await expect(page.getByText('Not live').first()).toBeVisible()
  // What was on the screen stays.
  await expect(output).toContainText('line')

  down = false
  await page.getByRole('button', { name: 'Retry now' }).click()
  await expect(page.getByText('Live again.')).toBeVisible()
  await expect(page.getByRole('status').getByText('Completed')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(`${kLines} lines`)).toBeVisible()

  await output.focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toBe(Array.from({ length: kLines }, (_, i) => `line ${i}\n`).join(''))
})

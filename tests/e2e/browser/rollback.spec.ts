// An old version is compared with the newest and made the newest again; nothing of the history is lost.
import { expect, test } from './browser.ts'

interface Runbook {
  id: string
  title: string
  version: { version_number: number; message: string }
  blocks: { id: string; name: string; config: { command: string } }[]
}

const content = ({ title, blocks }: Runbook) => ({
  title,
  blocks: blocks.map(({ id, name, config }) => ({ id, name, command: config.command })),
})

test('version 1 is made the newest again, by asking first', async ({ page, api, ui }) => {
  const { id } = await api.createRunbook(
    [
      { name: 'Look', type: 'command', config: { command: 'uptime' } },
      { name: 'Act', type: 'command', config: { command: 'echo act' } },
    ],
    { title: 'Rolled back' },
  )
  const first = await api.json<Runbook>('GET', `/runbooks/${id}`)
  const [look, act] = first.blocks
  await api.json('PUT', `/runbooks/${id}`, {
    title: 'Rolled back',
    message: 'act twice, then look',
    blocks: [
      { id: act.id, name: 'Act', type: 'command', config: { command: 'echo act\necho act again' } },
      { id: look.id, name: 'Look', type: 'command', config: { command: 'uptime' } },
      { name: 'Wait', type: 'timer', config: { seconds: 1 } },
    ],
  })

  await page.goto(ui(`/runbooks/${id}`))
  await page.getByRole('link', { name: 'Versions', exact: true }).click()
  await expect(page.getByRole('row', { name: /v2/ })).toContainText('act twice, then look')
  await page.getByRole('row', { name: /v1/ }).getByRole('link', { name: /^Compare version 1/ }).click()
  await expect(page.getByText('1 added, 1 changed, 1 moved')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Change of command' })).toContainText('added: echo act again')
  await page.getByText('YAML', { exact: true }).click()
  await expect(page.getByRole('region', { name: 'YAML of version 1 and 2' })).toContainText('type: timer')

  await page.getByRole('link', { name: 'All versions' }).click()
  await page.getByRole('button', { name: 'Roll back to version 1' }).click()
  const question = page.getByRole('dialog', { name: 'Roll back to version 1?' })
  await expect(question).toContainText('Against version 2: 1 removed, 1 changed, 1 moved.')
  await question.getByRole('button', { name: 'Make v3 equal to v1' }).click()
  await expect(page.getByText('Version 3 was made. It is equal to version 1.')).toBeVisible()
  await expect(page.getByRole('row', { name: /v3/ })).toContainText('newest')

  const now = await api.json<Runbook>('GET', `/runbooks/${id}`)
  expect(now.version.version_number).toBe(3)
  expect(content(now)).toEqual(content(first))
  const { items } = await api.json<{ items: unknown[] }>('GET', `/runbooks/${id}/versions`)
  expect(items).toHaveLength(3)
  await page.goto(ui(`/runbooks/${id}/compare?from=1&to=3`))
  await expect(page.getByText('Versions 1 and 3 are equal.')).toBeVisible()
})

test('who was slower is refused, and nothing is rolled back', async ({ page, api, ui }) => {
  const blocks = [{ name: 'Look', type: 'command', config: { command: 'uptime' } }]
  const { id } = await api.createRunbook(blocks, { title: 'Raced' })
  const save = (message: string) => api.json('PUT', `/runbooks/${id}`, { title: 'Raced', blocks, message })
  await save('second')
  await page.goto(ui(`/runbooks/${id}/versions`))
  await page.getByRole('button', { name: 'Roll back to version 1' }).click()
  await expect(page.getByRole('button', { name: 'Make v3 equal to v1' })).toBeVisible()
  await save('third')
  await page.getByRole('button', { name: 'Make v3 equal to v1' }).click()
  await expect(page.getByText('Nothing was rolled back.')).toBeVisible()
  const { items } = await api.json<{ items: unknown[] }>('GET', `/runbooks/${id}/versions`)
  expect(items).toHaveLength(3)
})

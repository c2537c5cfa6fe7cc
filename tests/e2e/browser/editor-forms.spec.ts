// The forms of the editor against a real controller: they write the document, ask the fleet, and a dry run of
// what is not saved says what would happen.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from './browser.ts'

const kTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

test('a command is given hosts, limits and a name by its form, and a dry run shows them', async ({
  page,
  api,
  ui,
}) => {
  const runbook = await api.createRunbook(
    [
      { name: 'Read me', type: 'instruction', config: { text: 'Tell **ops**.' } },
      { name: 'Look', type: 'command', config: { command: 'uptime' } },
      { name: 'Go on?', type: 'condition', config: { expression: 'steps.look.exit_code == 0' } },
    ],
    { title: 'Edited by forms' },
  )
  await page.goto(ui(`/runbooks/${runbook.id}/edit`))
  await page.getByRole('button', { name: /Look/ }).first().click()
  await page.getByRole('radio', { name: 'These hosts' }).check({ force: true })
  const hosts = page.getByRole('combobox', { name: 'Hosts by name' })
  await hosts.fill('local-1')
  await page.getByRole('option', { name: /local-1/ }).click()
  await expect(page.getByText(/^Matches 1 of \d+ hosts?$/)).toBeVisible()
  await expect(page.getByText('1 online')).toBeVisible()
  await page.getByLabel('Timeout').fill('90s')
  await page.getByLabel('Run as').fill('no body')
  await expect(page.getByLabel('Run as')).toHaveAccessibleDescription(/.+/)
  await page.getByLabel('Run as').fill('')
  await expect(page.getByLabel('Run as')).toHaveAccessibleDescription('')

  await page
    .getByRole('button', { name: /Go on\?/ })
    .first()
    .click()
  await page.getByLabel('Operator', { exact: true }).selectOption('!=')
  await expect(page.getByText('steps.look.exit_code != 0', { exact: true }).first()).toBeVisible()

  const { violations } = await new AxeBuilder({ page }).withTags(kTags).analyze()
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
  expect(told).toEqual([])

  await page.getByRole('tab', { name: 'Dry run' }).click()
  const panel = page.getByRole('tabpanel')
  await panel.getByRole('button', { name: 'Dry run' }).click()
  await expect(panel.getByText('On 1 host: local-1')).toBeVisible()
  await expect(panel.getByText('One person confirms it first.')).toBeVisible()
  await expect(panel.getByText('steps.look.exit_code != 0')).toBeVisible()
  const saved = await api.json<{ version: { version_number: number } }>('GET', `/runbooks/${runbook.id}`)
  expect(saved.version.version_number).toBe(1)
})

test('what the command policy refuses is said with its place, and allowed by its word', async ({
  page,
  api,
  ui,
}) => {
  const runbook = await api.createRunbook(
    [{ name: 'Greet', type: 'command', config: { command: 'uptime' } }],
    { title: 'Writes a greeting' },
  )
  await page.goto(ui(`/runbooks/${runbook.id}/edit`))
  await page.getByRole('button', { name: /Greet/ }).first().click()
  await page.getByRole('textbox', { name: 'Script' }).fill('id\necho hello > /etc/motd')
  const said = /Line 2, column \d+: Writing to \/etc\/motd by a redirection is refused/
  await expect(page.getByRole('group', { name: 'Script', exact: true })).toHaveAccessibleDescription(said)
  await page.getByRole('button', { name: 'Allow “write:/etc/motd” in this block' }).click()
  await expect(page.getByRole('group', { name: 'Script', exact: true })).not.toHaveAccessibleDescription(
    said,
  )
  await page.getByRole('button', { name: /^Save as v2/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: /Save/ }).click()
  await expect(page.getByText('Saved as v2.')).toBeVisible()
  const saved = await api.json<{ blocks: { config: { allow?: string[] } }[] }>(
    'GET',
    `/runbooks/${runbook.id}`,
  )
  expect(saved.blocks[0]?.config.allow).toEqual(['write:/etc/motd'])
})
